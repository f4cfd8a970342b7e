// A file is sent in chunks. The service says which it has, so that the same file goes on where it was.
"use strict";
import { send } from "/static/console.js";

const TRIES = 5;
const WAIT_MS = 2000;
const form = document.getElementById("upload-form");
const input = form.elements.file;
const words = document.getElementById("words-for-script").dataset;
const csrf = document.querySelector('meta[name="csrf"]').content;
const bar = document.getElementById("sent");
let isSending = false;

function tell(message) {
  const place = document.getElementById("sending-said");
  place.textContent = message;
  place.hidden = !message;
}

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Return the SHA-256 of a file in hexadecimal. */
async function digestOf(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return what the service answers; throws what it says if it refuses. */
async function asked(path, body) {
  const answer = await send(path, body);
  if (answer.status === 401) { location.assign("/sign-in"); throw new Error(); }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok || told.refused) throw new Error(told.refused ?? words.refused);
  return told;
}

/** Send a part of a file; again after a while if the connection broke off. */
async function sendChunk(path, part) {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await fetch(path, { method: "POST", body: part, headers: { "X-CSRF-Token": csrf, "Content-Type": "application/octet-stream" } });
      if (answer.ok) return;
      if (answer.status < 500) throw new Error(words.refused);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // a TypeError is a network that is gone
    }
    if (tries === TRIES) throw new Error(words.lost);
    await wait(WAIT_MS);
  }
}

async function upload(file, again) {
  document.getElementById("came-before").hidden = true;
  tell(words.reading);
  const told = await asked("/uploads/begin", { name: file.name, bytes: file.size, sha256: await digestOf(file), again });
  if (told.state !== "sending") {
    if (told.state === "ready") { location.assign(`/uploads/${told.id}`); return; }
    tell(words.before);
    document.getElementById("see-before").href = `/uploads/${told.id}`;
    document.getElementById("came-before").hidden = false;
    return;
  }
  tell("");
  const count = Math.ceil(file.size / told.chunk_bytes);
  const have = new Set(told.have);
  bar.max = count;
  for (let number = 0; number < count; number += 1) {
    bar.value = number;
    const first = number * told.chunk_bytes;
    if (!have.has(number)) await sendChunk(`/uploads/${told.id}/chunks/${number}`, file.slice(first, first + told.chunk_bytes));
  }
  bar.value = count;
  location.assign((await asked(`/uploads/${told.id}/received`, {})).location);
}

async function begin(file, again = false) {
  if (!file || isSending) return;
  isSending = true;
  document.getElementById("sending").hidden = false;
  try {
    await upload(file, again);
  } catch (error) {
    tell(error instanceof TypeError ? words.lost : error.message);
  } finally {
    isSending = false;
    document.getElementById("sending").hidden = true;
  }
}

// Without TLS browsers compute no digest: then the plain form is sent.
if (globalThis.crypto?.subtle) {
  form.addEventListener("submit", (event) => { event.preventDefault(); begin(input.files[0]); });
  document.getElementById("send-again").addEventListener("click", () => begin(input.files[0], true));
}
for (const kind of ["dragover", "dragleave", "drop"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.toggle("is-over", kind === "dragover");
  });
}
form.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});

// A picture that was copied is pasted in; more than a form may hold is not sent at all.
const images = document.getElementById("images-form");
addEventListener("paste", (event) => {
  const pasted = event.clipboardData?.files;
  if (pasted?.length) images.elements.images.files = pasted;
});
images.addEventListener("submit", (event) => {
  const bytes = [...images.elements.images.files].reduce((sum, file) => sum + file.size, 0);
  const said = document.getElementById("images-said");
  said.hidden = bytes <= Number(images.dataset.most);
  if (said.hidden) return;
  event.preventDefault();
  said.textContent = images.dataset.large;
});
