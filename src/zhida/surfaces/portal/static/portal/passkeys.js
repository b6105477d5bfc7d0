/* What a page says of passkeys: the buttons show only where the browser has them, a key that was refused or not found
   is told in words, and Enter does what the button does. The ceremony itself is allauth's. */
(() => {
  "use strict";
  const has = Boolean(window.PublicKeyCredential && navigator.credentials && window.isSecureContext);
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !has;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = has;
  const told = document.querySelector("[data-passkey-told]");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    if (!told) return;
    told.textContent = told.dataset.passkeyTold;
    told.hidden = false;
  });
  for (const form of document.querySelectorAll("form[data-passkey-form]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.querySelector("button").click();
    });
  }
})();
