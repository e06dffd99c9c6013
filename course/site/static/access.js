// What mdBook's pages lack for readers with a keyboard or a screen reader: landmarks, roles, and stops at what scrolls.
"use strict";

(() => {
  document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");
  const title = document.querySelector(".menu-title"); // the page's own title is its only heading of the first rank
  title?.setAttribute("role", "presentation");
  buttonInPlaceOfLabel();

  // mdBook opens the sidebar by a label for a hidden box, which a keyboard can't reach.
  function buttonInPlaceOfLabel() {
    const label = document.getElementById("mdbook-sidebar-toggle");
    const box = document.getElementById("mdbook-sidebar-toggle-anchor");
    if (!label || !box) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: label.className });
    button.append(...label.childNodes);
    button.setAttribute("aria-label", "Table of contents");
    button.setAttribute("aria-controls", "mdbook-sidebar");
    const tell = () => button.setAttribute("aria-expanded", box.checked);
    button.addEventListener("click", () => {
      box.click();
      tell();
    });
    tell();
    label.replaceWith(button);
    button.id = label.id;
  }

  const scrolls = (element) => element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight + 1;
  const stops = () => {
    for (const box of document.querySelectorAll("main pre code, main pre.printed, .formula, .table-wrapper")) {
      if (scrolls(box)) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  stops();
  addEventListener("resize", stops);
})();
