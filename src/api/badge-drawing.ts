/** Coloured boxes with words in a row, and a title above them, as SVG. */

export interface BadgeBox {
  text: string
  colour: string
}

interface Badge {
  boxes: BadgeBox[]
  title?: string
  /** The whole picture's; the last box fills what is left. */
  width?: number
}

const height = 20
const margin = 7
/** Where the wheel stands, before the first text. */
const wheelWidth = 18
/** Of the 11 px type, on average; `textLength` makes it so. */
const widthOfCharacter = 6.5
const titleColour = '#2b333b'

export function drawBadge({ boxes, title = '', width }: Badge): string {
  const widths = boxes.map(({ text }, index) => Math.ceil(widthOf(text) + 2 * margin + (index === 0 ? wheelWidth : 0)))
  const natural = widths.reduce((sum, each) => sum + each, 0)
  const whole = width ?? Math.max(natural, title === '' ? 0 : Math.ceil(widthOf(title) + 2 * margin))
  const top = title === '' ? 0 : height
  const parts = title === '' ? [] : [box({ text: title, colour: titleColour, x: 0, y: 0, width: whole })]
  let x = 0
  for (const [index, { text, colour }] of boxes.entries()) {
    const isLast = index === boxes.length - 1
    const own = widths[index] ?? 0
    const indent = index === 0 ? wheelWidth : 0
    parts.push(box({ text, colour, x, y: top, width: isLast ? Math.max(own, whole - x) : own, indent }))
    x += own
  }
  const label = escaped([title, ...boxes.map(({ text }) => text)].filter((text) => text !== '').join(' '))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="${top + height}" role="img" aria-label="${label}">`,
    `<title>${label}</title>`,
    `<clipPath id="round"><rect width="${whole}" height="${top + height}" rx="3"/></clipPath>`,
    '<g clip-path="url(#round)" fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">',
    ...parts,
    wheel(margin + 6, top + height / 2),
    '</g></svg>',
  ].join('')
}

interface Placed extends BadgeBox {
  x: number
  y: number
  width: number
  /** Kept free before the text. */
  indent?: number
}

function box({ text, colour, x, y, width, indent = 0 }: Placed): string {
  const middle = x + indent + (width - indent) / 2
  const length = `textLength="${widthOf(text)}" lengthAdjust="spacingAndGlyphs"`
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${escaped(colour)}"/><text x="${middle}" y="${y + 14}" ${length}>${escaped(text)}</text>`
}

function widthOf(text: string): number {
  return [...text].length * widthOfCharacter
}

/** A ship's wheel. */
function wheel(x: number, y: number): string {
  const spokes = [0, 45, 90, 135].map((angle) => `<path d="M-6 0H6" transform="rotate(${angle})"/>`).join('')
  return `<g transform="translate(${x} ${y})" fill="none" stroke="#fff" stroke-width="1.2"><circle r="4"/>${spokes}</g>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** XML has no way to write control characters. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, '').replace(/[&<>"']/g, (found) => entities[found] ?? '')
}
