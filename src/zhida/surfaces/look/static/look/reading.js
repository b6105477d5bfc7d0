// Links a text with what was read from it: whichever reading is pointed at or holds the focus marks its words.
// Without this script the words stand quoted in the reading, and the text beside it.
(() => {
  "use strict";
  if (!window.Highlight || !CSS.highlights) return;
  const find = (reading) => {
    const words = reading.dataset.quote, text = reading.closest(".read").querySelector(".read__text");
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (words && walker.nextNode()) {
      const at = walker.currentNode.data.indexOf(words);
      if (at >= 0) {
        const range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + words.length);
        return range;
      }
    }
    return null;
  };
  const show = (event) => {
    const reading = event.target.closest && event.target.closest(".reading");
    const range = reading ? find(reading) : null;
    CSS.highlights.delete("read");
    if (range) CSS.highlights.set("read", new Highlight(range));
  };
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, show);
})();
