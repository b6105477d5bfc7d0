/* Small comforts. Every page works without this file: it only adds what a browser can do and HTML cannot say.
   - buttons marked data-print print the page; data-speak and data-read="on" read the main text aloud, data-read="point"
     what is pointed at or has the focus (all hidden where the browser has no voice); speed, volume and voice stay here
   - data-dictate writes what is said into a field, where the browser can hear; where it would send the sound to its maker
     (it cannot recognise speech itself), it says so first, and listens only when pressed again
   - Control+Alt+1…6 move between the six areas of a page, as the standards for accessible sites ask
   - a form is sent once, however often its button is pressed
   - a form marked data-again shows its answer in its own place: a row or a column comes and goes, and the eye stays
   - a form marked data-keep is kept on the server when a field is left, and when the page is
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
  if (navigator.clipboard) show("[data-copy]", async (button) => {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    button.textContent = button.dataset.copied;
  });
  for (const slide of document.querySelectorAll("[data-slides]")) {
    const field = document.getElementById(slide.dataset.slides);
    slide.hidden = false;
    slide.addEventListener("input", () => { field.value = slide.value; });
    field.addEventListener("input", () => { slide.value = field.value; });
  }

  const voices = window.speechSynthesis;
  const html = document.documentElement;
  const speech = JSON.parse(localStorage.getItem("speech") || "{}");
  const speak = (text, ended) => {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = html.lang;
    words.rate = speech.rate || (html.dataset.mode === "elder" ? 0.8 : 1);
    words.volume = speech.volume || 1;
    words.voice = voices.getVoices().find((one) => one.name === speech.voice) || null;
    words.addEventListener("end", () => ended && ended());
    voices.speak(words);
  };
  const read = (element) => {
    const copy = element.cloneNode(true);
    for (const silent of copy.querySelectorAll("rt, svg, script, [hidden]")) silent.remove();
    return (copy.getAttribute("aria-label") || copy.textContent).replace(/\s+/g, " ").trim();
  };
  const pointable = "h1, h2, h3, p, li, dt, dd, th, td, a, button, label, summary, legend, input, select, textarea";
  const startVoice = () => {
    const buttons = document.querySelectorAll("[data-speak], [data-read]");
    const release = () => { for (const one of buttons) one.setAttribute("aria-pressed", "false"); };
    let isPointing = false, last = null;
    const point = (event) => {
      const found = isPointing && event.target.closest && event.target.closest(pointable);
      if (!found || found === last || found.hasAttribute("data-read")) return;
      last = found;
      voices.cancel();
      const label = found.labels && found.labels[0];
      speak(label ? `${read(label)} ${found.value || ""}` : read(found));
    };
    document.addEventListener("pointerover", point);
    document.addEventListener("focusin", point);
    for (const button of buttons) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const wasOn = button.getAttribute("aria-pressed") === "true";
        voices.cancel();
        release();
        isPointing = false;
        if (wasOn) return;
        button.setAttribute("aria-pressed", "true");
        if (button.dataset.read === "point") isPointing = true;
        else speak(read(document.querySelector("main")), release);
      });
    }
    const bar = document.querySelector("[data-voice]");
    if (!bar) return;
    bar.hidden = false;
    for (const name of ["rate", "volume"]) {
      const slide = bar.querySelector(`[data-${name}]`);
      if (speech[name]) slide.value = speech[name];
      slide.addEventListener("change", () => {
        speech[name] = Number(slide.value);
        localStorage.setItem("speech", JSON.stringify(speech));
      });
    }
    const own = voices.getVoices().filter((one) => one.lang.slice(0, 2) === html.lang.slice(0, 2));
    const choice = bar.querySelector("[data-voices]"), list = choice.querySelector("select");
    choice.hidden = own.length < 2;
    for (const one of own) list.add(new Option(one.name, one.name, false, one.name === speech.voice));
    list.addEventListener("change", () => {
      speech.voice = list.value;
      localStorage.setItem("speech", JSON.stringify(speech));
    });
  };
  if (voices && voices.getVoices().length) startVoice();
  else if (voices) voices.addEventListener("voiceschanged", () => voices.getVoices().length && startVoice(), { once: true });

  if (html.dataset.line === "on") {
    const lines = ["across", "down"].map((way) => {
      const line = document.createElement("i");
      line.className = `guide guide--${way}`;
      line.setAttribute("aria-hidden", "true");
      return document.body.appendChild(line);
    });
    const move = (x, y) => {
      lines[0].style.setProperty("inset-block-start", `${y}px`);
      lines[1].style.setProperty("inset-inline-start", `${x}px`);
    };
    document.addEventListener("pointermove", (event) => move(event.clientX, event.clientY));
    document.addEventListener("focusin", (event) => {
      const box = event.target.getBoundingClientRect();
      move(box.left, box.bottom);
    });
  }

  const Hearing = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (Hearing) show("[data-dictate]", async (button) => {
    const field = document.getElementById(button.dataset.dictate);
    const told = field.form.querySelector("[data-dictated]");
    if (button.hearing) return button.hearing.stop();
    const asked = { langs: [html.lang === "zh-Hant" ? "zh-CN" : html.lang], processLocally: true };
    const isOwn = Hearing.available && await Hearing.available(asked).catch(() => "") === "available";
    if (!isOwn && !sessionStorage.getItem("heard-elsewhere")) {
      sessionStorage.setItem("heard-elsewhere", "1");
      told.textContent = button.dataset.heardElsewhere;
      return undefined;
    }
    const hearing = button.hearing = new Hearing();
    hearing.lang = asked.langs[0];
    if (isOwn) hearing.processLocally = true;
    told.textContent = button.dataset.hears;
    button.setAttribute("aria-pressed", "true");
    let heard = "";
    hearing.addEventListener("result", (event) => {
      heard = event.results[0][0].transcript.replace(/[。？！.?!]+$/, "");
      field.value = heard;
    });
    hearing.addEventListener("end", () => {
      button.hearing = null;
      button.setAttribute("aria-pressed", "false");
      told.textContent = heard || button.dataset.heardNothing;
      if (heard) field.focus();
    });
    return hearing.start();
  });

  const areas = ["area-head", "area-nav", "q", "main", "help", "area-foot"];
  document.addEventListener("keydown", (event) => {
    if (html.dataset.keys === "off" || !event.ctrlKey || !event.altKey || !/^Digit[1-6]$/.test(event.code)) return;
    const area = document.getElementById(areas[Number(event.code.slice(5)) - 1]);
    if (!area) return;
    event.preventDefault();
    const target = area.matches("a, input, main") ? area : area.querySelector("a, button, input");
    target.focus();
  });

  const again = async (form, button) => {
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form, button) }).catch(() => null);
    const page = answer && answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page && page.getElementById(form.id);
    if (!made) {
      form.dataset.fell = "1";
      return form.requestSubmit(button);
    }
    const before = new Set([...form.elements].map((one) => one.id));
    form.replaceChildren(...document.importNode(made, true).childNodes);
    const added = [...form.elements].find((one) => one.id && !before.has(one.id));
    (added || form).focus();
    return undefined;
  };
  for (const form of document.querySelectorAll("form[data-again]")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || button.value === "write" || button.value === "out" || form.dataset.fell) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      again(form, button);
    });
  }

  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  for (const form of document.querySelectorAll("form[data-keep]")) {
    const told = form.querySelector("[data-kept]");
    let kept = "", waiting = 0;
    const typed = () => {
      const sent = new FormData(form);
      for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
      sent.set("step", "keep");
      return sent;
    };
    const written = (sent) => new URLSearchParams(sent).toString();
    kept = written(typed());
    const keep = async () => {
      const sent = typed(), now = written(sent);
      clearTimeout(waiting);
      if (now === kept || form.dataset.sent) return;
      kept = now;
      const answer = await fetch(location.href, { method: "POST", body: sent, keepalive: true }).catch(() => null);
      if (answer && answer.ok) told.textContent = await answer.text();
      else kept = "";
    };
    form.addEventListener("change", keep);
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1000); });
    window.addEventListener("pagehide", keep);
  }

  const app = navigator.serviceWorker;
  const isPortal = document.querySelector("link[rel=manifest]");
  if (app && isPortal) {
    const ready = app.register("/service-worker.js").then(() => app.ready).catch(() => null);
    const row = document.querySelector("[data-offline]");
    if (row) {
      const [keep, drop, told] = ["keep", "drop", "told"].map((name) => document.querySelector(`[data-offline-${name}]`));
      const ask = async (act) => {
        const worker = await ready, line = new MessageChannel();
        if (!worker) return;
        line.port1.onmessage = ({ data }) => {
          row.hidden = false;
          [keep.hidden, drop.hidden] = [data, !data];
          told.textContent = data ? told.dataset.keptWords : told.dataset.droppedWords;
        };
        worker.active.postMessage({ act, path: location.pathname }, [line.port2]);
      };
      keep.addEventListener("click", () => ask("keep"));
      drop.addEventListener("click", () => ask("drop"));
      ask("look");
    }
  }

  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
