/* The editors of layouts and keys: drag, arrow keys, and where the focus is after a change. All of it has buttons too. */
(function () {
  "use strict";
  const press = (act) => {
    const drop = document.querySelector("[data-drop]");
    drop.value = act;
    drop.click();
  };
  /* What was pressed holds, though an answer that comes before it is sent makes another button of this one. */
  const pressed = new WeakMap();
  document.addEventListener("submit", (event) => { if (event.submitter) pressed.set(event, event.submitter.value); }, true);
  document.addEventListener("htmx:configRequest", function (event) {
    const act = pressed.get(event.detail.triggeringEvent);
    if (act !== undefined) event.detail.parameters.act = act;
  });
  /* Drag: what has data-move is put where it is dropped; data-cell takes keys. */
  let held = null;
  document.addEventListener("dragstart", function (event) {
    const from = event.target.closest("[data-move],[data-take]");
    if (!from) return;
    held = from;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", from.dataset.move || from.dataset.take);
  });
  const target = (event) => held && event.target.closest(held.matches("li[data-move]") ? "li[data-move]" : "[data-cell]");
  document.addEventListener("dragover", function (event) {
    const over = target(event);
    document.querySelectorAll(".over-it").forEach((each) => each.classList.toggle("over-it", each === over));
    if (!over) return;
    event.preventDefault();
    over.classList.add("over-it");
  });
  document.addEventListener("dragend", function () {
    held = null;
    document.querySelectorAll(".over-it").forEach((each) => each.classList.remove("over-it"));
  });
  document.addEventListener("drop", function (event) {
    const over = target(event);
    if (!over) return;
    event.preventDefault();
    if (held.matches("li")) press("move-" + held.dataset.move + "-" + over.dataset.move);
    else if (held.dataset.take) press("put-" + over.dataset.cell + "-" + held.dataset.take);
    else press("carry-" + held.dataset.move + "-" + over.dataset.cell);
    held = null;
  });
  /* Keys that are pressed while an answer comes wait for it: it says where the block or the key is now. */
  const waiting = [];
  const busy = () => document.querySelector("#editing.htmx-request, #editing .htmx-request") !== null;
  function waits(event) {
    if (!busy() || !/^(Arrow|Delete)/.test(event.key)) return false;
    event.preventDefault();
    waiting.push({ key: event.key, altKey: event.altKey, shiftKey: event.shiftKey, bubbles: true, cancelable: true });
    return true;
  }
  function goOn() {
    while (waiting.length && !busy()) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", waiting.shift()));
  }
  document.addEventListener("htmx:afterRequest", () => setTimeout(goOn));  // once the next call may leave at once
  /* Keys in the list of blocks: arrows walk, Alt and arrows move, Delete removes. */
  document.addEventListener("keydown", function (event) {
    const row = event.target.closest("li[data-move]");
    if (!row || event.ctrlKey || event.metaKey || waits(event)) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      if (event.altKey) { press((step < 0 ? "up-" : "down-") + row.dataset.move); return; }
      const next = step < 0 ? row.previousElementSibling : row.nextElementSibling;
      if (next) next.querySelector(".what").focus();
    } else if (event.key === "Delete") {
      event.preventDefault();
      press("remove-" + row.dataset.move);
    }
  });
  /* Keys on the keyboard's cells: arrows walk, Shift and arrows carry the key, Enter edits, Delete clears. */
  let edits = false;
  const cell = (row, column) => Array.from(document.querySelectorAll("[data-cell]")).find(function (each) {
    const [top, left] = each.dataset.cell.split("-").map(Number);
    return row >= top && row < top + Number(each.dataset.tall || 1) && column >= left && column < left + Number(each.dataset.wide || 1);
  });
  document.addEventListener("keydown", function (event) {
    const here = event.target.closest("[data-cell]");
    if (!here || event.ctrlKey || event.metaKey || event.altKey || waits(event)) return;
    const [row, column] = here.dataset.cell.split("-").map(Number);
    const wide = Number(here.dataset.wide || 1), tall = Number(here.dataset.tall || 1);
    const to = { ArrowLeft: [row, column - 1], ArrowRight: [row, column + wide], ArrowUp: [row - 1, column], ArrowDown: [row + tall, column] }[event.key];
    const next = to && cell(to[0], to[1]);
    if (to) {
      event.preventDefault();
      if (!next) return;
      if (!event.shiftKey) next.focus();
      else if (here.dataset.move) press("carry-" + here.dataset.cell + "-" + to.join("-"));
    } else if (event.key === "Delete" && here.dataset.move) {
      event.preventDefault();
      press("clear-" + here.dataset.cell);
    } else if (event.key === "Enter") {
      edits = true;
    }
  });
  /* What is being typed while an answer comes is not taken back by it. */
  document.addEventListener("htmx:beforeSwap", function () {
    window.Idiomorph.defaults.ignoreActiveValue = document.activeElement.matches("input,textarea,select");
  });
  document.addEventListener("htmx:afterSettle", function () {
    const field = edits ? document.querySelector("#label, #fresh") : document.querySelector("#editor [data-refocus]");
    edits = false;
    if (field && !document.activeElement.matches("#find")) field.focus({ preventScroll: true });
    seen();
  });
  /* The rows of the selected block are in view, where the slip has a window of its own. */
  function seen() {
    const look = document.querySelector("#preview");
    const on = look && look.querySelector(".part.on");
    if (!on || getComputedStyle(look).overflowY !== "auto") return;
    const top = on.getBoundingClientRect().top - look.getBoundingClientRect().top;
    if (top < 0 || top + on.offsetHeight > look.clientHeight) look.scrollTop += top - look.clientHeight / 2;
  }
  document.addEventListener("DOMContentLoaded", seen);
})();
