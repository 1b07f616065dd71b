/* What htmx does not do: keys, the live lamp, pausing, toasts that go. Everything works without it. */
(function () {
  "use strict";
  const one = (query, within) => (within || document).querySelector(query);
  const all = (query) => Array.from(document.querySelectorAll(query));
  const typing = (event) => event.target.matches("input:not([type=checkbox]),select,textarea");

  /* Keys: / and Ctrl K search, J K and arrows walk rows, Esc leaves. */
  function walk(step) {
    const links = all("[data-row] [data-edit]");
    if (!links.length) return;
    const row = document.activeElement.closest("[data-row]");
    const now = row ? links.findIndex((link) => row.contains(link)) : -1;
    const next = links[Math.min(links.length - 1, Math.max(0, now + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      const jump = one("#jump");
      if (jump) { jump.focus(); jump.select(); }
      return;
    }
    if (event.key === "Escape") {
      const open = one("details[data-pick][open], details.burger[open]");
      const leave = one("tr.edit [data-esc]");
      if (leave) { event.preventDefault(); leave.click(); }
      else if (open) { open.open = false; one("summary", open).focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    const find = one("[data-find]");
    const file = one("[data-export]");
    if (event.key === "e" && file) { event.preventDefault(); file.open = true; one("a", file).focus(); }
    else if (event.key === "/" && find) { event.preventDefault(); find.focus(); find.select(); }
    else if (event.key === "j" || event.key === "ArrowDown" && event.target.closest("[data-row]")) { event.preventDefault(); walk(1); }
    else if (event.key === "k" || event.key === "ArrowUp" && event.target.closest("[data-row]")) { event.preventDefault(); walk(-1); }
  });
  document.addEventListener("click", function (event) {
    all("details[data-pick][open]").forEach((each) => { if (!each.contains(event.target)) each.open = false; });
    const file = event.target.closest("[data-export] a");  // a search has changed the address since
    if (file) file.search = window.location.search;
    const close = event.target.closest("[data-close]");
    if (close) document.getElementById(close.dataset.close).hidden = true;
    if (event.target.closest("[data-print]")) window.print();
  });

  /* ? shows all keys; G and a letter lead to a page of the navigation. */
  let going = 0;
  function keys() {
    const sheet = one("#keys");
    const list = one("#pages", sheet);
    if (!list.children.length) all(".side [data-go]").forEach(function (link) {
      const key = list.appendChild(document.createElement("dt")).appendChild(document.createElement("span"));
      key.className = "kbd";
      key.textContent = "G " + link.dataset.go.toUpperCase();
      list.appendChild(document.createElement("dd")).textContent = link.title;
    });
    sheet.showModal();
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !one("#keys") || typing(event)) return;
    const goes = Date.now() - going < 1500;
    going = 0;
    if (event.key === "?") { event.preventDefault(); keys(); }
    else if (goes) {
      const link = all(".side [data-go]").find((each) => each.dataset.go === event.key.toLowerCase());
      if (link) { event.preventDefault(); event.stopImmediatePropagation(); link.click(); }
    } else if (event.key.toLowerCase() === "g" && !event.shiftKey) going = Date.now();
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys]")) keys(); });

  /* A field that has just come is selected; the moment is asked for only where it matters. */
  function settle(within) {
    const field = one("[data-select]", within);
    if (field) { field.focus(); if (!field.hasAttribute("aria-invalid")) field.select(); }
    all("[data-when]").forEach(function (choice) {
      const at = document.getElementById(choice.dataset.when);
      const show = () => { at.hidden = choice.value !== "at"; };
      if (!choice.dataset.bound) { choice.dataset.bound = "1"; choice.addEventListener("change", show); }
      show();
    });
    all("[data-toast]").forEach(function (toast) {
      if (toast.dataset.bound) return;
      toast.dataset.bound = "1";
      let left;
      const go = () => { left = setTimeout(() => toast.remove(), 10000); };
      const stay = () => clearTimeout(left);  // while somebody points at it, or is in it
      ["focusin", "mouseenter"].forEach((come) => toast.addEventListener(come, stay));
      ["focusout", "mouseleave"].forEach((leave) => toast.addEventListener(leave, go));
      go();
    });
  }
  /* What had the focus is gone with its part of the page: it goes on in what came instead. */
  let left = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    const part = event.detail.target;
    left = part.contains(document.activeElement) ? part.id || "content" : null;
  });
  function goOn() {
    if (left === null || document.activeElement !== document.body) return;
    const part = document.getElementById(left);
    const here = part && part.matches("main") ? one(".saved") || part : part;
    const next = here && (one("[data-edit], .cell[aria-current], .what[aria-current]", here) || one("a[href], button:not([tabindex]), input:not([type=hidden])", here));
    (next || one("#content")).focus();
    left = null;
  }
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target.id === "list" ? null : event.target.isConnected ? event.target : document));
  document.addEventListener("htmx:afterSettle", goOn);
  document.addEventListener("DOMContentLoaded", function () {
    all("[data-print], #pause, [data-keys]").forEach((each) => { each.hidden = false; });
    const focus = one("[data-focus]");
    settle(document);
    if (focus) focus.focus();
  });

  /* How many rows are marked; N makes a new one, Space marks the row, E exports the list. */
  function count() {
    const bar = one("#bulk");
    const whole = one("[data-pick-all]");
    const many = all("[data-pick-row]:checked").length;
    if (whole) {
      whole.hidden = false;
      whole.checked = many > 0 && many === all("[data-pick-row]").length;
      whole.indeterminate = many > 0 && !whole.checked;
    }
    if (!bar) return;
    const said = one("[data-marked]", bar);
    if (!said.dataset.none) said.dataset.none = said.textContent;
    bar.classList.toggle("on", many > 0 || one("[data-all]", bar).checked);
    said.textContent = many ? many + " " + said.dataset.some : said.dataset.none;
    bar.hidden = !bar.classList.contains("on");
    const act = one("[name=act]", bar);
    all("#bulk [data-for]").forEach((each) => { each.hidden = !each.dataset.for.split(" ").includes(act.value); });
  }
  document.addEventListener("DOMContentLoaded", count);
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-pick-all]")) all("[data-pick-row]").forEach((each) => { each.checked = event.target.checked; });
    if (event.target.matches("[data-pick-row],[data-pick-all],[data-all],#bulk [name=act]")) count();
  });
  /* A row that is edited in its place keeps its mark; another list begins without any. */
  let marked = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    marked = event.target.id === "list" ? [] : all("[data-pick-row]:checked").map((each) => each.value);
  });
  document.addEventListener("htmx:afterSettle", function () {
    all("[data-pick-row]").forEach((each) => { if (marked.includes(each.value)) each.checked = true; });
    count();
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    const row = event.target.closest("[data-row]");
    const mark = row && one("[data-pick-row]", row);
    if (event.key === " " && mark && mark !== event.target) { event.preventDefault(); mark.checked = !mark.checked; count(); }
    const link = event.key === "n" ? one("[data-new]") : event.key === "e" ? one("[data-export]") : null;
    if (link) { event.preventDefault(); link.click(); }
  });

  /* The live lamp: alive while the stream speaks, "as of" when it is lost. */
  let heard = 0;
  function lamp(alive) {
    const live = one("#live");
    if (!live) return;
    if (alive) heard = Date.now();
    live.classList.toggle("lost", !alive);
    one("span", live).textContent = alive ? live.dataset.live : live.dataset.lost + " " + live.dataset.at;
  }
  document.addEventListener("htmx:sseOpen", () => lamp(true));
  document.addEventListener("htmx:sseError", () => lamp(false));
  document.addEventListener("htmx:sseClose", () => lamp(false));
  setInterval(() => { if (heard && Date.now() - heard > 12000) lamp(false); }, 2000);

  /* Pausing holds the slip still and counts what comes. */
  let paused = false;
  let held = 0;
  document.addEventListener("htmx:sseBeforeMessage", function (event) {
    const live = one("#live");
    if (event.detail.type === "beat") {
      if (live) live.dataset.at = event.detail.data;
      lamp(true);
      event.preventDefault();
      return;
    }
    lamp(true);
    const runs = one("#runs");
    const still = paused || (runs && runs.contains(document.activeElement));
    if (event.detail.type === "runs" && still) {
      held += 1;
      const tag = one("#held");
      tag.textContent = held + " " + tag.dataset.many;
      tag.hidden = false;
      event.preventDefault();
    } else if (event.detail.type === "runs") {
      held = 0;
      one("#held").hidden = true;
    }
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("#pause");
    if (!button) return;
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    one("span", button).textContent = paused ? button.dataset.on : button.dataset.off;
    if (!paused && held) window.location.reload();
  });

  /* Units are dragged below another one; the form on their own pages does the same. */
  let dragged = null;
  const goal = (event) => dragged && event.target.closest && event.target.closest("[data-drop]");
  document.addEventListener("dragstart", function (event) {
    const unit = event.target.closest && event.target.closest("[data-drag]");
    if (!unit || !one("#move")) return;
    dragged = unit.dataset.drag;
    event.dataTransfer.setData("text/plain", dragged);
  });
  document.addEventListener("dragover", function (event) {
    const over = goal(event);
    all("[data-drop].over").forEach((each) => each.classList.remove("over"));
    if (over) { event.preventDefault(); over.classList.add("over"); }
  });
  document.addEventListener("drop", function (event) {
    const over = goal(event);
    if (!over || over.dataset.drop === dragged) return;
    event.preventDefault();
    const form = one("#move");
    one("[name=unit]", form).value = dragged;
    one("[name=parent]", form).value = over.dataset.drop;
    form.submit();
  });
  document.addEventListener("dragend", () => { dragged = null; });
  document.addEventListener("DOMContentLoaded", () => all("[data-drag]").forEach((each) => { each.draggable = true; }));

  /* In a matrix the changed cells are marked and counted before they are saved. */
  function cells(matrix) {
    let many = 0;
    all("[data-matrix] [data-cell]").forEach(function (cell) {
      const box = cell.type === "checkbox";
      const differs = box ? cell.checked !== cell.defaultChecked : cell.value !== cell.defaultValue;
      cell.dataset.differs = differs ? "1" : "";
      many += differs ? 1 : 0;
    });
    all("[data-matrix] td").forEach((td) => td.classList.toggle("changed", Boolean(one("[data-differs='1']", td))));
    const said = one("[data-changed]", matrix);
    if (!said) return;
    if (!said.dataset.none) said.dataset.none = said.textContent;
    said.textContent = many === 0 ? said.dataset.none : many === 1 ? said.dataset.one : said.dataset.many.replace("#", many);
  }
  document.addEventListener("input", function (event) {
    const matrix = event.target.matches("[data-cell]") && event.target.closest("[data-matrix]");
    if (matrix) cells(matrix);
  });

  /* A call that failed is said, and what is shown stays. */
  function failed() {
    const strip = one("#strip");
    if (!strip) return;
    one("span", strip).textContent = document.body.dataset.failed;
    strip.hidden = false;
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:afterOnLoad", () => { const strip = one("#strip"); if (strip) strip.hidden = true; });
})();
