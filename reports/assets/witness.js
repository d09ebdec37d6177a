// Ties the bars of a violation to the lines that tell why: pointing at one marks both.

"use strict";

for (const figure of document.querySelectorAll("figure.witness")) {
  const mark = (event) => {
    const target = event.target.closest("[data-operation]");
    const operation = target && target.dataset.operation;
    for (const each of figure.querySelectorAll("[data-operation]")) {
      each.classList.toggle("pointed", each.dataset.operation === operation);
    }
  };
  const unmark = () => {
    for (const each of figure.querySelectorAll(".pointed")) each.classList.remove("pointed");
  };
  figure.addEventListener("pointerover", mark);
  figure.addEventListener("focusin", mark);
  figure.addEventListener("pointerleave", unmark);
  figure.addEventListener("focusout", unmark);
}
