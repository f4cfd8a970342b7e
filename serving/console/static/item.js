// The page of one item: the same decisions by buttons, then the page anew; its image, once it is asked for.
"use strict";
import { say, send } from "/static/console.js";
import { dismisses, reason } from "/static/reason.js";

const item = document.getElementById("item");

const toggle = (chip) => chip?.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");

/** Open a form below the item and begin to write in it. */
function open(name) {
  const form = document.getElementById(`${name}-form`);
  form.open = true;
  form.scrollIntoView({ block: "nearest" });
  form.querySelector("textarea, input:not([type=hidden])").focus();
}

async function decide(status) {
  const change = { status };
  if (status === "labels_agreed") {
    change.labels = [...item.querySelectorAll(".chip-button[aria-pressed=true]")].map((chip) => chip.dataset.code);
  }
  if (status === "labels_rejected") change.labels = [];
  if (item.dataset.priority === "urgent" && dismisses(change)) {
    change.reason = await reason();
    if (!change.reason) return;
    change.priority = "review";
  }
  const answer = await send("/queue/decide", {
    items: [{ id: item.dataset.id, version: Number(item.dataset.version) }],
    change,
  });
  const { decided } = await answer.json();
  if (decided[0]?.refused) say(decided[0].refused);
  else location.reload();
}

const keys = {
  a: () => decide("labels_agreed"),
  x: () => decide("labels_rejected"),
  e: () => decide("acknowledged"),
  r: () => open("refer"),
  n: () => open("note"),
};

item.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".chip-button")) toggle(button);
  if (button.dataset.open) open(button.dataset.open);
  if (button.dataset.decision) decide(button.dataset.decision);
});

addEventListener("keydown", (event) => {
  const isElsewhere = event.target.closest?.("input, textarea, select, dialog, #layer");
  if (isElsewhere || !item.querySelector(".decide") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[1-9]$/.test(event.key)) toggle(item.querySelectorAll(".chip-button")[Number(event.key) - 1]);
  if (!(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

const figure = document.getElementById("image");
const cover = figure?.querySelector(".image-cover");
const crops = [...document.querySelectorAll("canvas.crop")];
const pageOf = (canvas) => Number(canvas.dataset.place.split(" ")[0]);
const loaded = new Map();

/** Return the promise of a page of the image, which has one unless it is a PDF; asked for once. */
function pageImage(number) {
  if (!loaded.has(number)) {
    loaded.set(number, new Promise((resolve, reject) => {
      const image = new Image();
      image.alt = cover.dataset.view;
      image.addEventListener("load", () => resolve(image));
      image.addEventListener("error", () => { loaded.delete(number); reject(new Error(figure.dataset.failed)); });
      image.src = number === 1 ? figure.dataset.address : `${figure.dataset.address}/${number}`;
    }));
  }
  return loaded.get(number);
}

/** Show a page in the place of the cover, and what each page shows where numbers were read. */
async function show(number) {
  cover.dataset.view ??= cover.textContent;
  try {
    const image = await pageImage(number);
    figure.querySelector("img")?.remove();
    figure.prepend(image);
    cover.textContent = figure.dataset.shown;
    for (const link of figure.querySelectorAll("[data-page]")) {
      if (Number(link.dataset.page) === number) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const page of new Set([number, ...crops.map(pageOf)])) cropAll(page, await pageImage(page));
  } catch (error) {
    say(error.message);
  }
}

/** Show the cover again; whoever looks once more asks once more, which is written down. */
function hide() {
  loaded.clear();
  figure.querySelector("img").remove();
  cover.textContent = cover.dataset.view;
  for (const link of figure.querySelectorAll("[data-page]")) link.removeAttribute("aria-current");
  for (const canvas of crops) canvas.hidden = true;
}

/** Draw what a page shows at each number that was read on it. */
function cropAll(page, image) {
  for (const canvas of crops) {
    if (pageOf(canvas) !== page || !figure.querySelector("img")) continue;
    canvas.hidden = false;
    const [, left, top, right, bottom] = canvas.dataset.place.split(" ").map(Number);
    const [wide, high] = [image.naturalWidth, image.naturalHeight];
    canvas.width = Math.max(1, (right - left) * wide);
    canvas.height = Math.max(1, (bottom - top) * high);
    canvas.getContext("2d").drawImage(image, left * wide, top * high, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
  }
}

cover?.addEventListener("click", (event) => {
  event.preventDefault();
  if (figure.querySelector("img")) hide();
  else show(1);
});
for (const link of figure?.querySelectorAll("[data-page]") ?? []) {
  link.addEventListener("click", (event) => { event.preventDefault(); show(Number(link.dataset.page)); });
}
