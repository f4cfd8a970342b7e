// Spans of a text, in Unicode code points as the service counts them; JavaScript counts UTF-16. Nothing here
// touches the page. `serving/console/passages.py` cuts and folds in the same way.
"use strict";

const AROUND = 40;
const graphemes = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;
const isLetter = (sign) => /[\p{L}\p{N}]/u.test(sign);
const isBlank = (sign) => /\s/u.test(sign);

/** How many code points there are in words. */
export function pointsIn(words) {
  let count = 0;
  for (const _ of words) count += 1;
  return count;
}

/** At which unit of UTF-16 the code point stands that so many come before. */
export function unitAt(words, points) {
  let unit = 0;
  for (const sign of words) {
    if (points === 0) break;
    points -= 1;
    unit += sign.length;
  }
  return unit;
}

/** Ends of the whole letters, with their marks, before and after a place. */
function borders(points, at) {
  if (!graphemes || at <= 0 || at >= points.length) return [at, at];
  let border = Math.max(0, at - AROUND);
  for (const { segment } of graphemes.segment(points.slice(border, at + AROUND).join(""))) {
    const next = border + pointsIn(segment);
    if (border === at) return [at, at];
    if (next > at) return [border, next];
    border = next;
  }
  return [at, at];
}

/** A span without blanks at its ends and with whole letters; null if nothing is left of it. */
export function snapped(points, { start, end }) {
  while (start < end && isBlank(points[start])) start += 1;
  while (end > start && isBlank(points[end - 1])) end -= 1;
  return start < end ? { start: borders(points, start)[0], end: borders(points, end)[1] } : null;
}

/** Stretches to fold: marks of hard codes, joined where no letter stands between two. */
export function folds(points, marks, hard) {
  const found = [];
  const ofHard = marks.filter((mark) => hard.has(mark.code)).sort((a, b) => a.start - b.start || a.end - b.end);
  for (const { code, start, end } of ofHard) {
    const last = found.at(-1);
    if (last && !points.slice(last.end, start).some(isLetter)) last.end = Math.max(last.end, end);
    else found.push({ code, start, end });
  }
  return found;
}

/** The whole text in pieces that carry the same marks from end to end: [{start, end, marks, fold}]. */
export function pieces(points, marks, hard) {
  const folded = folds(points, marks, hard);
  const places = [...marks, ...folded].flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([0, points.length, ...places])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, n) => {
    const start = cuts[n];
    const covers = (mark) => mark.start <= start && start < mark.end;
    return { start, end, marks: marks.filter(covers), fold: folded.find(covers)?.code ?? "" };
  });
}

/** Marks with one more, in the place of those of its code, and of other names, that it overlaps. */
export function withMark(marks, mark, kindOf) {
  const gives = (other) =>
    other.start < mark.end && mark.start < other.end &&
    (other.code === mark.code || (kindOf(mark.code) === "entity" && kindOf(other.code) === "entity"));
  return inOrder([...marks.filter((other) => !gives(other)), mark]);
}

/** Marks without one of them, or with another in its place. */
export function withChange(marks, old, changed) {
  const others = marks.filter((mark) => mark !== old);
  const isThere = changed && others.some((one) => ["code", "start", "end"].every((name) => one[name] === changed[name]));
  return inOrder(changed && !isThere ? [...others, changed] : others);
}

const inOrder = (marks) => marks.sort((a, b) => a.start - b.start || a.end - b.end);

/** The marks that lie at a place or meet a span, the shortest first. */
export function meeting(marks, { start, end }) {
  const last = Math.max(end, start + 1);
  return marks
    .filter((mark) => mark.start < last && start < mark.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
}
