/** An answer's text → paragraphs, lists, strong words and numbered references. A small, closed grammar: no HTML gets through. */

export type Piece = { kind: 'plain'; text: string } | { kind: 'strong'; text: string } | { kind: 'reference'; number: number }
export type Passage = { kind: 'paragraph'; pieces: Piece[] } | { kind: 'list'; items: Piece[][] }

const PIECES = /\*\*(.+?)\*\*|\[(\d{1,2})\]/g
const BULLET = /^\s*[-•*]\s+/

function readPieces(text: string, references: number): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const found of text.matchAll(PIECES)) {
    const number = Number(found[2])
    if (found[2] && (number < 1 || number > references)) continue
    if (found.index > end) pieces.push({ kind: 'plain', text: text.slice(end, found.index) })
    pieces.push(found[1] ? { kind: 'strong', text: found[1] } : { kind: 'reference', number })
    end = found.index + found[0].length
  }
  if (end < text.length) pieces.push({ kind: 'plain', text: text.slice(end) })
  return pieces
}

/** `references`: how many citations there are; a number in brackets beyond them is just a number. */
export function readPassages(text: string, references: number): Passage[] {
  const passages: Passage[] = []
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (!trimmed) continue
    const last = passages.at(-1)
    if (BULLET.test(trimmed)) {
      const item = readPieces(trimmed.replace(BULLET, ''), references)
      if (last?.kind === 'list') last.items.push(item)
      else passages.push({ kind: 'list', items: [item] })
    } else {
      passages.push({ kind: 'paragraph', pieces: readPieces(trimmed, references) })
    }
  }
  return passages
}

/** The same text for ears and clipboards. */
export function stripMarks(text: string): string {
  return text.replaceAll(/\*\*(.+?)\*\*/g, '$1')
}
