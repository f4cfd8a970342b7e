// The page of one item: the same decisions by buttons, then the page anew; its image, once it is asked for.
"use strict";
import { say, send } from "/static/console.js";

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

/** Show the image in the place of its cover, and what it shows where numbers were read; or the cover again. */
function toggleImage(event) {
  event.preventDefault();
  const shown = figure.querySelector("img");
  if (shown) { shown.remove(); cover.textContent = cover.dataset.view; cropAll(null); return; }
  cover.dataset.view ??= cover.textContent;
  const image = new Image();
  image.alt = cover.dataset.view;
  image.addEventListener("load", () => { figure.prepend(image); cover.textContent = figure.dataset.shown; cropAll(image); });
  image.addEventListener("error", () => say(figure.dataset.failed));
  image.src = figure.dataset.address;
}

/** Draw what an image shows at each number; without one, nothing. */
function cropAll(image) {
  for (const canvas of document.querySelectorAll("canvas.crop")) {
    canvas.hidden = !image;
    if (!image) continue;
    const [left, top, right, bottom] = canvas.dataset.box.split(" ").map(Number);
    const [wide, high] = [image.naturalWidth, image.naturalHeight];
    canvas.width = Math.max(1, (right - left) * wide);
    canvas.height = Math.max(1, (bottom - top) * high);
    canvas.getContext("2d").drawImage(image, left * wide, top * high, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
  }
}

cover?.addEventListener("click", toggleImage);
