// Charts as PNG: the service writes the SVG, the browser paints it, so that every script is shaped right.
"use strict";
import { say, send } from "/static/console.js";
import "/static/print.js";

const SCALE = 2;
const words = document.getElementById("words-for-script")?.dataset;

/** Return the picture of an SVG file. */
async function painted(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Have the browser save a file. */
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

for (const button of document.querySelectorAll("[data-png]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const asked = new FormData(button.form);
    asked.set("kind", "svg");
    try {
      const answer = await send("/overview/file", asked);
      if (!answer.ok) throw new Error(String(answer.status));
      save(await painted(await answer.text()), `${asked.get("chart")}.png`);
    } catch {
      say(words.lost);
    }
  });
}
