// The page of one item: the same decisions by buttons, then the page anew.
"use strict";
import { say, send } from "/static/console.js";

const item = document.getElementById("item");

item.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".chip-button")) {
    button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
  }
  if (button.dataset.open) {
    const form = document.getElementById(`${button.dataset.open}-form`);
    form.open = true;
    form.querySelector("textarea, input:not([type=hidden])").focus();
  }
  const status = button.dataset.decision;
  if (!status) return;
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
});
