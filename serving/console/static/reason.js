// Asks why nobody is in danger, where an urgent item is decided as if nobody were.
"use strict";

const AT_RISK = "person_at_risk";

/** Return whether a decision on an urgent item says that nobody in it is at risk. */
export const dismisses = (change) => change.status === "labels_rejected" || (change.status === "labels_agreed" && !change.labels.includes(AT_RISK));

/** Ask for the reason; resolves to it, or to "". */
export function reason() {
  const dialog = document.getElementById("why");
  const field = dialog.querySelector("textarea");
  field.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? field.value.trim() : ""), { once: true });
  });
}
