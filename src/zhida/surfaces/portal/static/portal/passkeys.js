/* Passkeys (WebAuthn level 2): what the server asks goes to the device, what the device answers goes into the form. The
   buttons show only where the browser has passkeys; a key that was refused or not found is told in words. */
(() => {
  "use strict";
  const has = Boolean(window.PublicKeyCredential && navigator.credentials && window.isSecureContext);
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !has;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = has;
  if (!has) return;

  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  const told = (key) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    const clientExtensionResults = key.getClientExtensionResults();
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults });
  };
  const make = ({ publicKey }, alone) => {
    const authenticatorSelection = { ...publicKey.authenticatorSelection };
    if (alone) Object.assign(authenticatorSelection,
      { residentKey: "required", requireResidentKey: true, userVerification: "required" });
    return navigator.credentials.create({ publicKey: { ...publicKey, authenticatorSelection,
      challenge: bytes(publicKey.challenge), user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials) } });
  };
  const use = ({ publicKey }) => navigator.credentials.get({ publicKey: { ...publicKey,
    challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials) } });
  const asked = async (form) => {
    const there = document.getElementById("js_data");
    if (there) return JSON.parse(there.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return answer.json();
  };

  for (const form of document.querySelectorAll("form[data-passkey-form]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const options = await asked(form);
        const alone = form.elements.passwordless?.checked;
        const key = options.creation_options ? await make(options.creation_options, alone)
          : await use(options.request_options);
        form.elements.credential.value = told(key);
        form.submit();
      } catch {
        const words = form.querySelector("[data-passkey-told]");
        words.textContent = words.dataset.passkeyTold;
        words.hidden = false;
      }
    });
  }
})();
