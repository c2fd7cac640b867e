/** Which part of a drawing is in sight, and how large. Pure. */

export interface Camera {
  /** Where the drawing's origin is on the screen. */
  x: number
  y: number
  scale: number
}

export interface Size {
  width: number
  height: number
}

export interface Box extends Size {
  x: number
  y: number
}

/** Around the drawing. */
export const margin = 24
export const smallestScale = 0.1
export const largestScale = 2

/** What is smaller than the screen stands at its top left; of what is larger, nothing but itself is shown. */
export function clamped({ x, y, scale }: Camera, content: Size, view: Size): Camera {
  const kept = Math.min(largestScale, Math.max(smallestScale, scale))
  return {
    x: clampedAxis(x, content.width * kept, view.width),
    y: clampedAxis(y, content.height * kept, view.height),
    scale: kept,
  }
}

function clampedAxis(at: number, content: number, view: number): number {
  const least = Math.min(margin, view - content - margin)
  return Math.min(margin, Math.max(least, at))
}

/** The point below the pointer stays there. */
export function zoomedAt(camera: Camera, scale: number, at: { x: number; y: number }): Camera {
  const kept = Math.min(largestScale, Math.max(smallestScale, scale))
  const ratio = kept / camera.scale
  return { x: at.x - (at.x - camera.x) * ratio, y: at.y - (at.y - camera.y) * ratio, scale: kept }
}

/** All of it, never larger than life. */
export function fitting(content: Size, view: Size): Camera {
  const scale = Math.min(1, (view.width - 2 * margin) / content.width, (view.height - 2 * margin) / content.height)
  return clamped({ x: margin, y: margin, scale: Number.isFinite(scale) && scale > 0 ? scale : 1 }, content, view)
}

/** As it is opened: so that it can be read, and as much of its width as that allows. */
export function opening(content: Size, view: Size): Camera {
  const scale = Math.min(1, Math.max(0.75, (view.width - 2 * margin) / Math.max(1, content.width)))
  return { x: margin, y: margin, scale }
}

/** Moved no further than needed for a box to be in sight. */
export function revealing(camera: Camera, box: Box, view: Size): Camera {
  const { scale } = camera
  return {
    x: revealingAxis(camera.x, box.x * scale, box.width * scale, view.width),
    y: revealingAxis(camera.y, box.y * scale, box.height * scale, view.height),
    scale,
  }
}

function revealingAxis(at: number, start: number, length: number, view: number): number {
  if (at + start < margin) return margin - start
  if (at + start + length > view - margin) return Math.max(margin - start, view - margin - start - length)
  return at
}

/** What of the drawing is in sight, in its own measure, and a little more. */
export function inSight({ x, y, scale }: Camera, view: Size, more: number): Box {
  return {
    x: (-x - more) / scale,
    y: (-y - more) / scale,
    width: (view.width + 2 * more) / scale,
    height: (view.height + 2 * more) / scale,
  }
}
