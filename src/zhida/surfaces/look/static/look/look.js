/* Small comforts. Every page works without this file: it only adds what a browser can do and HTML cannot say.
   - buttons marked data-print print the page; buttons marked data-speak read the main text aloud (hidden where not possible)
   - Control+Alt+1…6 move between the six areas of a page, as the standards for accessible sites ask
   - a form is sent once, however often its button is pressed
   - the summary of errors takes the focus */
(() => {
  "use strict";
  const show = (selector, act) => {
    for (const button of document.querySelectorAll(selector)) {
      button.hidden = false;
      button.addEventListener("click", () => act(button));
    }
  };
  show("[data-print]", () => window.print());

  const voices = window.speechSynthesis;
  if (voices && voices.getVoices().length) {
    show("[data-speak]", (button) => {
      const speaking = voices.speaking;
      voices.cancel();
      button.setAttribute("aria-pressed", String(!speaking));
      if (speaking) return;
      const words = new SpeechSynthesisUtterance(document.querySelector("main").innerText);
      words.lang = document.documentElement.lang;
      words.rate = document.documentElement.dataset.mode === "elder" ? 0.8 : 1;
      words.addEventListener("end", () => button.setAttribute("aria-pressed", "false"));
      voices.speak(words);
    });
  }

  const areas = ["area-head", "area-nav", "q", "main", "help", "area-foot"];
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || !event.altKey || !/^Digit[1-6]$/.test(event.code)) return;
    const area = document.getElementById(areas[Number(event.code.slice(5)) - 1]);
    if (!area) return;
    event.preventDefault();
    const target = area.matches("a, input, main") ? area : area.querySelector("a, button, input");
    target.focus();
  });

  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
