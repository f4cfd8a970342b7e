// The link to choose a password: what stands behind # goes into the form, and out of the address.
"use strict";

const form = document.getElementById("new-password");
const token = location.hash.slice(1);
if (form && token) {
  form.elements.token.value = token;
  history.replaceState(null, "", location.pathname);
}
