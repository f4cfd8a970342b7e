// What every page does: the lock, the sign-in link, copying, sending by Ctrl+Enter.
"use strict";

const LOOK_SECONDS = 5;
const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";

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
export function send(path, body) {
  const isForm = body instanceof FormData || body instanceof URLSearchParams;
  return fetch(path, {
    method: "POST",
    headers: isForm ? { "X-CSRF-Token": csrf } : { "X-CSRF-Token": csrf, "Content-Type": "application/json" },
    body: isForm ? body : JSON.stringify(body),
  });
}

/** Lock the screen after minutes without a hand on keyboard or mouse. */
function lockWhenAway(minutes) {
  const lock = () => document.getElementById("lock-now")?.click();
  let timer = 0;
  const begin = () => { clearTimeout(timer); timer = setTimeout(lock, minutes * 60000); };
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) addEventListener(kind, begin, { passive: true });
  begin();
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
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/queue/urgent");
      if (answer.status === 401) { location.assign("/sign-in"); return; }
      const { urgent } = await answer.json();
      badge.textContent = urgent || "";
      badge.hidden = !urgent;
      if (before !== null && urgent > before) dispatchEvent(new CustomEvent("urgent"));
      before = urgent;
    } catch { /* the service is away: it is asked again */ }
  };
  look();
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
  const copied = event.target.closest?.(".copyable");
  if (!copied) return;
  await navigator.clipboard.writeText(copied.textContent);
  say("✓ " + copied.textContent);
});

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
});
