// What every page does: the lock, the sign-in link, copying, sending by Ctrl+Enter.
"use strict";

const LOOK_SECONDS = 5;
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
const others = new BroadcastChannel("scamscreen"); // the other pages of this browser
let lastHand = Date.now(); // on keyboard or mouse, on any of them
let lastTold = 0;

/** Show a short message; `undo`, if given, is [label, function]. */
export function say(message, undo) {
  const place = document.getElementById("said");
  place.textContent = message;
  if (undo) {
    const button = document.createElement("button");
    button.textContent = undo[0];
    button.addEventListener("click", () => { place.textContent = ""; undo[1](); });
    place.append(button);
  }
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { place.textContent = ""; }, undo ? 12000 : 5000);
}

/** Send to the console as its own pages do; returns the response. */
export function send(path, body, headers = {}) {
  const isForm = body instanceof FormData || body instanceof URLSearchParams;
  const kind = isForm ? {} : { "Content-Type": "application/json" };
  return fetch(path, {
    method: "POST",
    headers: { "X-CSRF-Token": csrf, ...kind, ...headers },
    body: isForm ? body : JSON.stringify(body),
  });
}

/** Show nothing of this page any more, and ask for the password. */
function leave() {
  document.body.hidden = true;
  location.replace("/sign-in");
}

/** Lock the screen after minutes without a hand on keyboard or mouse, though the machine slept meanwhile. */
function lockWhenAway(minutes) {
  let isLocked = false;
  const look = () => {
    if (isLocked || Date.now() - lastHand < minutes * 60000) return;
    isLocked = true;
    document.body.hidden = true;
    document.getElementById("lock-now")?.click();
  };
  const noteHand = () => {
    look(); // the hand that wakes a machine comes too late
    if (isLocked) return;
    lastHand = Date.now();
    if (lastHand - lastTold < LOOK_SECONDS * 1000) return;
    lastTold = lastHand;
    others.postMessage("here");
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) addEventListener(kind, noteHand, { passive: true });
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_SECONDS * 1000);
  lockTogether();
}

/** What is locked or signed out in one page of a browser is so in all, and in those that "Back" brings up again. */
function lockTogether() {
  addEventListener("submit", (event) => {
    if (event.target.matches("[action='/lock'], [action='/sign-out']")) others.postMessage("locked");
  }, true);
  others.addEventListener("message", ({ data }) => {
    if (data === "here") lastHand = Date.now();
    if (data === "locked") leave();
  });
  addEventListener("pagehide", () => { document.body.hidden = true; });
  addEventListener("pageshow", async (event) => {
    if (!event.persisted) return;
    const answer = await fetch("/me", { headers: { "X-Hand": "none" } }).catch(() => null);
    if (answer?.ok) document.body.hidden = false;
    else leave();
  });
}

/** Send the one-time token that stands behind # of the link, and take it out of the address. */
function signInByLink(form) {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = token;
  form.submit();
}

/** Ask now and then how many people wait, and tell it beside the link to the queue. */
function watchUrgent(badge) {
  let before = null;
  let lastLook = 0;
  const look = async () => {
    if (document.hidden) return;
    const hand = lastHand > lastLook ? "here" : "none"; // a hand keeps the session from being locked
    lastLook = Date.now();
    try {
      const answer = await fetch("/queue/urgent", { headers: { "X-Hand": hand } });
      if (answer.status === 401) { leave(); return; }
      const { urgent } = await answer.json();
      badge.textContent = urgent || "";
      badge.hidden = !urgent;
      if (before !== null && urgent > before) dispatchEvent(new CustomEvent("urgent"));
      before = urgent;
    } catch { /* the service is away: it is asked again */ }
  };
  look();
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_SECONDS * 1000);
}

const minutes = Number(document.body.dataset.lockMinutes);
if (minutes) lockWhenAway(minutes);
const byLink = document.getElementById("by-link");
if (byLink) {
  signInByLink(byLink);
  addEventListener("hashchange", () => signInByLink(byLink)); // the link is opened where the page is open already
}

const badge = document.getElementById("urgent-count");
if (badge) watchUrgent(badge);

addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copyable, [data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) { print(); return; }
  const copied = document.getElementById(button.dataset.copy ?? "") ?? button;
  await navigator.clipboard.writeText(copied.textContent);
  say("✓ " + copied.textContent.slice(0, 60));
});

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
});
