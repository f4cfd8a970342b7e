// How far an upload is, asked again and again until it has ended; then the page is loaded anew.
"use strict";

const LOOK_MS = 2000;
const place = document.getElementById("progress");

/** Show how far a bar is; one whose end nobody knows moves by itself. */
function show(id, value, whole) {
  const bar = document.getElementById(id);
  if (!whole) return;
  bar.max = whole;
  bar.value = value;
}

async function look() {
  try {
    const answer = await fetch(`/uploads/${place.dataset.upload}/progress`);
    if (answer.status === 401) { document.body.hidden = true; location.assign("/sign-in"); return; }
    const told = await answer.json();
    if (told.state !== place.dataset.state) { location.reload(); return; }
    show("stored", told.read, told.total);
    show("screened", told.screened, told.wanted);
    document.getElementById("progress-line").textContent = told.line;
  } catch { /* the service is away: it is asked again */ }
  setTimeout(look, LOOK_MS);
}

if (place && ["storing", "screening"].includes(place.dataset.state)) setTimeout(look, LOOK_MS);
