// Triage: j/k move, single keys decide. The next items are fetched ahead, and a decision is shown before the
// service has answered; if it is refused, the row comes back and says why.
"use strict";
import { say, send } from "/static/console.js";
import { dismisses, reason } from "/static/reason.js";

const AHEAD = 6;
const MOST_AT_ONCE = 200;
const list = document.getElementById("queue");
const pane = document.getElementById("pane");
const words = document.getElementById("words-for-script").dataset;
const panes = new Map();
let chosen = null;
let undo = null;
let sending = Promise.resolve();

const rows = () => [...list.querySelectorAll(".queue-row")];
const neighbour = (row, step) => {
  let other = row;
  do other = step > 0 ? other?.nextElementSibling : other?.previousElementSibling;
  while (other && !other.matches(".queue-row"));
  return other;
};

/** Return the promise of an item's page, ready to be shown; asked for once. */
function fetched(id) {
  if (!panes.has(id)) {
    panes.set(id, fetch(`/items/${id}/pane`).then(async (answer) => {
      if (answer.status === 401) say(words.signedOut);
      if (!answer.ok) throw answer.status;
      const page = document.createElement("div");
      page.innerHTML = await answer.text();
      return page;
    }));
    panes.get(id).catch(() => panes.delete(id));
  }
  return panes.get(id);
}

function fetchAhead(row) {
  for (let n = 0; row && n < AHEAD; n += 1, row = neighbour(row, 1)) fetched(row.dataset.id);
  if (!row) more();
}

async function choose(row) {
  if (!row) return;
  chosen?.removeAttribute("aria-current");
  chosen = row;
  row.setAttribute("aria-current", "true");
  requestAnimationFrame(() => row.scrollIntoView({ block: "nearest" })); // when the item is there too, so that all is laid out once
  try {
    const page = await fetched(row.dataset.id);
    if (row !== chosen) return;
    pane.replaceChildren(page);
    pane.scrollTop = 0;
    const campaign = pane.querySelector(".campaign");
    if (campaign) campaign.hidden = Number(row.dataset.reports) < 2 || "urgent" in row.dataset;
  } catch {
    if (row === chosen) pane.textContent = words.lost;
  }
  fetchAhead(row);
}

/** Fetch the rows that follow, once for each page. */
let fetching = false;
async function more() {
  const button = list.querySelector(".more button");
  if (!button || fetching) return;
  fetching = true;
  const form = new FormData(document.getElementById("filters"));
  form.set("cursor", button.dataset.cursor);
  try {
    const answer = await send("/queue/rows", form);
    if (answer.ok) button.parentElement.outerHTML = await answer.text();
  } finally { fetching = false; }
}

/** Labels that are switched on beside the item. */
const switchedOn = () => [...pane.querySelectorAll(".chip-button[aria-pressed=true]")].map((chip) => chip.dataset.code);

async function decide(status) {
  const row = chosen;
  if (!row || row.classList.contains("is-done")) return;
  const item = pane.querySelector("#item");
  if (item?.dataset.id !== row.dataset.id) return;
  const change = { status };
  if (status === "labels_agreed") change.labels = switchedOn();
  if (status === "labels_rejected") change.labels = [];
  if ("urgent" in row.dataset && dismisses(change)) {
    change.reason = await reason();
    if (!change.reason) return;
    change.priority = "review";
  }
  const whole = pane.querySelector("#whole-campaign")?.checked ?? false;
  row.classList.add("is-done");
  choose(neighbour(row, 1) ?? neighbour(row, -1));
  say(whole ? `${said(status)} ${words.forAll}` : said(status), [words.undo, undone]);
  undo = { rows: [row], decided: apply([row], change, whole) };
}

/** Return what is said of a decision. */
const said = (status) => ({ labels_agreed: words.agreed, labels_rejected: words.rejected, acknowledged: words.acknowledged })[status];

/** Send what is to be done with some reports; returns what became of each. */
async function asked(path, rows, more) {
  const decided = [];
  for (let first = 0; first < rows.length; first += MOST_AT_ONCE) {
    const items = rows.slice(first, first + MOST_AT_ONCE).map(({ id, version }) => ({ id, version: Number(version) }));
    const answer = await send(path, { items, ...more });
    if (!answer.ok) break;
    decided.push(...(await answer.json()).decided);
  }
  return decided;
}

/** Send a decision after those before it, and put rows back where it is refused; resolves to what was changed. */
function apply(rows, change, whole = false) {
  const done = sending.then(async () => {
    const decided = await asked("/queue/decide", rows.map((row) => row.dataset), { change, whole_campaign: whole }).catch(() => []);
    for (const row of rows) {
      const one = decided.find((each) => each.id === row.dataset.id);
      panes.delete(row.dataset.id);
      if (one && !one.refused) { row.dataset.version = one.version; continue; }
      row.classList.remove("is-done");
      say(one?.refused || words.lost);
    }
    return decided.filter((one) => !one.refused);
  });
  sending = done;
  return done;
}

/** Take the last decision back, of all reports that it changed. */
function undone() {
  if (!undo) { say(words.nothing); return; }
  const { rows, decided } = undo;
  undo = null;
  for (const row of rows) row.classList.remove("is-done");
  sending = sending.then(async () => {
    const back = await asked("/queue/undo", await decided, {}).catch(() => []);
    for (const row of rows) {
      const one = back.find((each) => each.id === row.dataset.id && !each.refused);
      panes.delete(row.dataset.id);
      if (one) row.dataset.version = one.version;
    }
    const refused = back.find((one) => one.refused);
    say(refused?.refused || (back.length ? words.undone : words.lost));
    choose(rows[0]);
  });
}

/** Put urgent items that came meanwhile above all others, and say so. */
async function arrived() {
  const answer = await send("/queue/rows", new URLSearchParams({ priority: "urgent", status: "new" }), { "X-Hand": "none" });
  if (!answer.ok) return;
  const came = document.createElement("ul");
  came.innerHTML = await answer.text();
  const fresh = [...came.querySelectorAll(".queue-row")].filter((row) => !document.getElementById(row.id));
  if (!fresh.length) return;
  list.prepend(...fresh);
  say(words.arrived);
}

function showPicked() {
  const count = list.querySelectorAll(".pick:checked").length;
  document.getElementById("picked").hidden = count === 0;
  document.getElementById("picked-count").textContent = count;
}

function decideOnSeveral(status) {
  const rows = [...list.querySelectorAll(".pick:checked")].map((box) => box.closest(".queue-row"));
  if (!rows.length) return;
  for (const row of rows) {
    row.classList.add("is-done");
    row.querySelector(".pick").checked = false;
  }
  showPicked();
  say(`${said(status)} ×${rows.length}`, [words.undo, undone]);
  undo = { rows, decided: apply(rows, status === "labels_rejected" ? { status, labels: [] } : { status }) };
}

function open(id) {
  const form = pane.querySelector(`#${id}-form`);
  if (!form) return;
  form.open = true;
  form.scrollIntoView({ block: "nearest" });
  form.querySelector("textarea, input:not([type=hidden])").focus();
}

const toggle = (chip) => chip?.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");

const keys = {
  j: () => choose(chosen ? neighbour(chosen, 1) : rows()[0]),
  k: () => choose(chosen ? neighbour(chosen, -1) : rows()[0]),
  a: () => decide("labels_agreed"),
  x: () => decide("labels_rejected"),
  e: () => decide("acknowledged"),
  c: () => { const box = pane.querySelector("#whole-campaign"); if (box && !box.closest("[hidden]")) box.checked = !box.checked; },
  r: () => open("refer"),
  n: () => open("note"),
  z: undone,
  o: () => { if (chosen) location.assign(`/items/${chosen.dataset.id}`); },
  Enter: () => { if (chosen) location.assign(`/items/${chosen.dataset.id}`); },
  " ": () => { const box = chosen?.querySelector(".pick"); if (box && !box.disabled) { box.checked = !box.checked; showPicked(); } },
  "/": () => document.querySelector('input[name="words"]').focus(),
  "?": () => document.getElementById("help").showModal(),
  Escape: () => document.activeElement?.blur(),
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not(.pick), textarea, select, dialog");
  const onControl = (event.key === "Enter" && event.target.closest?.("button, a, summary, input")) ||
    (event.key === " " && event.target.closest?.("button, summary, input")); // a link that was clicked selects its row
  if (event.ctrlKey || event.metaKey || event.altKey || onControl) return;
  if (typing) { if (event.key === "Escape") event.target.blur(); return; }
  if (/^[1-9]$/.test(event.key)) {
    toggle(pane.querySelectorAll(".chip-button")[Number(event.key) - 1]);
    return;
  }
  if (!(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

list.addEventListener("click", (event) => {
  if (event.target.closest(".more button")) { more(); return; }
  if (event.target.matches(".pick")) { showPicked(); return; }
  const row = event.target.closest(".queue-row");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || matchMedia("(max-width: 60rem)").matches) return;
  event.preventDefault();
  choose(row);
});

pane.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".chip-button")) toggle(button);
  if (button.dataset.decision) decide(button.dataset.decision);
  if (button.dataset.open) open(button.dataset.open);
});

addEventListener("urgent", arrived);
document.getElementById("help-button").addEventListener("click", keys["?"]);
for (const button of document.querySelectorAll("[data-bulk]")) button.addEventListener("click", () => decideOnSeveral(button.dataset.bulk));
