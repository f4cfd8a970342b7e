// The text of an item: marks are added, changed and taken away by mouse and by keyboard, and saved together.
"use strict";
import { say } from "/static/console.js";
import { meeting, pieces, pointsIn, snapped, unitAt, withChange, withMark } from "/static/spans.js";

const layer = document.getElementById("layer");
const menu = document.getElementById("marks-menu");
const field = menu?.querySelector("input");
const here = document.getElementById("marks-here");
const form = document.getElementById("marks-form");
const list = document.getElementById("marks-list");
const text = document.getElementById("words-for-marks")?.dataset;
const STEPS = { ArrowRight: ["forward", "word"], ArrowLeft: ["backward", "word"], ArrowDown: ["forward", "line"], ArrowUp: ["backward", "line"] };
const NARROW = "(max-width: 40rem)";

let points, marks, weighty, codes, hard, saved;
const before = [];
let isLeaving = false; // the screen is locked, whatever is not saved
let chosen = null; // what the menu is open for: {start, end, mark}; a mark is to be changed

function begin() {
  const found = JSON.parse(layer.dataset.marks);
  const asMark = ([code, start, end]) => ({ code, start, end });
  points = Array.from([...layer.querySelectorAll("[data-start]")].map((piece) => piece.textContent).join(""));
  marks = found.marks.map(asMark);
  weighty = found.weighty.map((one) => ({ ...asMark(one), isWeighty: true }));
  codes = new Map([...menu.querySelectorAll("[data-code]")].map((option) => [option.dataset.code, option.dataset]));
  hard = new Set(text.hard.split(" "));
  saved = JSON.stringify(marks);
  layer.addEventListener("keydown", onKey);
  layer.addEventListener("mouseup", onMouseUp);
  field.addEventListener("input", filter);
  field.addEventListener("keydown", onMenuKey);
  menu.addEventListener("click", (event) => pick(event.target.closest("[role=option]"), event.target === menu));
  menu.addEventListener("close", closed);
  form.addEventListener("submit", fill);
  document.getElementById("marks-undo").addEventListener("click", undo);
  list.addEventListener("click", onList);
  const open = document.getElementById("marks-open");
  open.addEventListener("pointerdown", (event) => event.preventDefault()); // or a touch unselects the words
  open.addEventListener("click", () => openFor(selected()));
  addEventListener("submit", (event) => { isLeaving = event.target.matches("[action='/lock'], [action='/sign-out']"); }, true);
  addEventListener("beforeunload", (event) => { if (isChanged() && !isLeaving) event.preventDefault(); });
  form.closest("section").hidden = false;
  show();
}

const isChanged = () => !form.dataset.sent && JSON.stringify(marks) !== saved;
const nameOf = (code) => codes.get(code)?.name ?? code;
const kindOf = (code) => codes.get(code)?.kind ?? "label";
const wordsOf = ({ start, end }) => points.slice(start, end).join("");

/** Show the text with its marks anew; folds that were open stay open. */
function show() {
  const open = new Set([...layer.querySelectorAll("details[open] > [data-start]")].map((one) => one.dataset.start));
  const all = [...marks, ...weighty, ...(chosen ? [{ ...chosen, code: "", isChosen: true }] : [])];
  const shown = document.createDocumentFragment();
  let fold = null;
  let folded = "";
  for (const piece of pieces(points, all, hard)) {
    const node = pieceNode(piece);
    if (piece.fold !== folded) fold = piece.fold ? shown.appendChild(foldNode(piece.fold)) : null;
    folded = piece.fold;
    if (fold && open.has(node.dataset.start)) fold.open = true;
    (fold ?? shown).append(node);
  }
  layer.replaceChildren(shown);
  showList();
}

function pieceNode(piece) {
  const node = document.createElement(piece.marks.length ? "mark" : "span");
  node.dataset.start = piece.start;
  node.textContent = wordsOf(piece);
  for (const mark of piece.marks) node.classList.add(mark.isChosen ? "chosen" : mark.isWeighty ? "passage" : kindOf(mark.code));
  const names = piece.marks.filter((mark) => mark.code).map((mark) => nameOf(mark.code));
  if (names.length) node.title = [...new Set(names)].join(" · ");
  return node;
}

function foldNode(code) {
  const fold = document.createElement("details");
  fold.className = "fold";
  fold.append(Object.assign(document.createElement("summary"), { textContent: foldNote(code) }));
  return fold;
}

const foldNote = (code) => text.folded.replace("%s", nameOf(code));

/** Show the list of marks, which needs no selecting. */
function showList() {
  list.replaceChildren(...marks.map((mark, number) => {
    const row = document.createElement("li");
    const words = document.createElement("q");
    words.dir = "auto";
    words.textContent = hard.has(mark.code) ? foldNote(mark.code) : wordsOf(mark);
    row.append(Object.assign(document.createElement("strong"), { textContent: nameOf(mark.code) }), " ", words, " ");
    for (const act of ["change", "remove"]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text[act] });
      button.dataset[act] = number;
      button.setAttribute("aria-label", `${text[act]}: ${nameOf(mark.code)} ${words.textContent.slice(0, 40)}`);
      row.append(button, " ");
    }
    return row;
  }));
  document.getElementById("marks-count").textContent = marks.length;
  document.getElementById("marks-unsaved").hidden = !isChanged();
  document.getElementById("marks-save").classList.toggle("primary", isChanged());
}

/** Change the marks; what was before can be had back. */
function change(after) {
  before.push(marks);
  marks = after;
  show();
}

function undo() {
  if (!before.length) return;
  marks = before.pop();
  show();
}

/** How many code points of the text come before a place in the page. */
function pointsBefore(node, at) {
  const range = document.createRange();
  range.setStart(layer, 0);
  range.setEnd(node, at);
  return [...range.cloneContents().querySelectorAll("[data-start]")].reduce((sum, piece) => sum + pointsIn(piece.textContent), 0);
}

/** The place in the page that so many code points come before. */
function placeOf(point) {
  const all = [...layer.querySelectorAll("[data-start]")];
  const piece = all.findLast((one) => Number(one.dataset.start) <= point) ?? all[0];
  return [piece.firstChild ?? piece, unitAt(piece.textContent, point - Number(piece.dataset.start))];
}

/** What is selected of the text; null if nothing of it is. */
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!layer.contains(range.startContainer)) return null;
  const start = pointsBefore(range.startContainer, range.startOffset);
  const end = layer.contains(range.endContainer) ? pointsBefore(range.endContainer, range.endOffset) : points.length;
  return { start, end };
}

/** Select the next or the last word or line, or more of them. */
function step([direction, unit], isMore) {
  const selection = getSelection();
  if (!layer.contains(selection.focusNode)) selection.collapse(...placeOf(0));
  const was = [selection.anchorNode, selection.anchorOffset, selection.focusNode, selection.focusOffset];
  if (!isMore) {
    if (direction === "forward") selection.collapseToEnd(); else selection.collapseToStart();
    if (unit === "line") selection.modify("move", direction, "line");
  }
  selection.modify("extend", isMore || unit === "word" ? direction : "forward", isMore ? unit : "word");
  if (!layer.contains(selection.focusNode) || !layer.contains(selection.anchorNode)) selection.setBaseAndExtent(...was);
}

function onKey(event) {
  if (event.target !== layer || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "z") { event.preventDefault(); undo(); }
    return;
  }
  if (event.key in STEPS) step(STEPS[event.key], event.shiftKey);
  else if (event.key === "Enter") openFor(selected());
  else if (event.key === "Delete") removeAt(selected());
  else if (event.key === "Escape") getSelection().removeAllRanges();
  else return;
  event.preventDefault();
}

function onMouseUp(event) {
  if (event.button !== 0 || event.target.closest("summary")) return;
  setTimeout(() => { // a click takes the old selection away only now
    const span = selected();
    if (!span || (span.start === span.end && !event.target.closest("mark.entity, mark.sign, mark.label"))) return;
    openFor(span);
  });
}

/** Take away the shortest mark that a span meets. */
function removeAt(span) {
  const [mark] = span ? meeting(marks, span) : [];
  if (mark) change(withChange(marks, mark, null));
}

/** Open the menu for what is selected, or for the mark at a place. */
function openFor(span, mark = null) {
  if (!span) { say(text.nothing); return; }
  const whole = snapped(points, span);
  if (whole) chosen = { ...whole, mark };
  else {
    const [at] = mark ? [mark] : meeting(marks, span);
    if (!at) { say(text.nothing); return; }
    chosen = { start: at.start, end: at.end, mark: at };
  }
  show();
  here.replaceChildren(
    option({ copy: "" }, text.copy),
    ...meeting(marks, chosen).map((one) => option({ remove: marks.indexOf(one) }, `${text.remove}: ${nameOf(one.code)}`)),
  );
  field.value = "";
  menu.showModal();
  place();
  filter();
}

function option(data, words) {
  const made = Object.assign(document.createElement("div"), { textContent: words, id: `mark-option-${Object.entries(data).flat().join("-")}` });
  made.setAttribute("role", "option");
  Object.assign(made.dataset, data);
  return made;
}

/** Put the menu beside what is chosen. */
function place() {
  menu.removeAttribute("style");
  const at = [...layer.querySelectorAll(".chosen")].at(-1)?.getBoundingClientRect();
  if (matchMedia(NARROW).matches) layer.querySelector(".chosen")?.scrollIntoView({ block: "start" });
  if (!at?.width || matchMedia(NARROW).matches) return;
  const room = 8;
  menu.style.left = `${Math.max(room, Math.min(at.left, innerWidth - menu.offsetWidth - room))}px`;
  const isBelow = at.bottom + menu.offsetHeight + room < innerHeight;
  menu.style.top = `${isBelow ? at.bottom + 4 : Math.max(room, at.top - menu.offsetHeight - 4)}px`;
}

/** Show the codes that hold what was typed. */
function filter() {
  const typed = field.value.trim().toLowerCase();
  for (const one of menu.querySelectorAll("[role=option]")) one.hidden = !one.textContent.toLowerCase().includes(typed) && !one.dataset.code?.toLowerCase().includes(typed);
  for (const group of menu.querySelectorAll("[role=group]")) group.hidden = !group.querySelector("[role=option]:not([hidden])");
  const visible = options();
  const named = (test) => visible.find((one) => test(one.dataset.name?.toLowerCase() ?? ""));
  const best = typed && (named((name) => name === typed) ?? named((name) => name.startsWith(typed)) ?? visible[0]);
  activate(best || (visible.find((one) => one.dataset.code) ?? visible[0]));
}

const options = () => [...menu.querySelectorAll("[role=option]:not([hidden])")];

function activate(one) {
  menu.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  one?.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", one?.id ?? "");
  one?.scrollIntoView({ block: "nearest" });
}

function onMenuKey(event) {
  const visible = options();
  const at = visible.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") activate(visible[(at + 1) % visible.length]);
  else if (event.key === "ArrowUp") activate(visible.at(at - 1));
  else if (event.key === "Enter") pick(visible[at], false);
  else return;
  event.preventDefault();
}

/** Do what an option says with what the menu is open for. */
async function pick(one, isOutside) {
  if (isOutside) menu.close();
  if (!one) return;
  const { start, end, mark } = chosen;
  const { code, remove, copy } = one.dataset;
  menu.close();
  if (copy !== undefined) { await navigator.clipboard.writeText(wordsOf({ start, end })); say("✓"); }
  else if (remove !== undefined) change(withChange(marks, marks[remove], null));
  else if (mark) change(withChange(marks, mark, { ...mark, code }));
  else change(withMark(marks, { code, start, end }, kindOf));
  select(start, end);
}

function closed() {
  const { start, end } = chosen;
  chosen = null;
  show();
  layer.focus({ preventScroll: true });
  select(start, end);
}

const select = (start, end) => getSelection().setBaseAndExtent(...placeOf(start), ...placeOf(end));

function onList(event) {
  const { change: changed, remove } = event.target.dataset;
  if (remove !== undefined) {
    change(withChange(marks, marks[remove], null));
    (list.querySelectorAll("[data-remove]")[remove] ?? layer).focus();
  }
  if (changed !== undefined) openFor({ start: marks[changed].start, end: marks[changed].end }, marks[changed]);
}

/** Fill the form: all marks, and the labels that are switched on. */
function fill() {
  form.elements.spans.value = JSON.stringify(marks);
  for (const chip of document.querySelectorAll("#item .chip-button[aria-pressed=true]")) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "labels", value: chip.dataset.code }));
  }
  form.dataset.sent = "yes";
}

if (layer && menu) begin();
