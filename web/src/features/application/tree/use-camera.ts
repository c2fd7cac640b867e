/** Moves a camera by wheel, pinch, drag and buttons; draws at most once for each frame. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { type Box, type Camera, clamped, fitting, opening, revealing, type Size, zoomedAt } from './camera.ts'

export interface CameraControl {
  camera: Camera
  view: Size
  zoomBy(factor: number): void
  fitAll(): void
  reveal(box: Box): void
  moveTo(camera: Camera): void
}

export interface CameraOptions {
  content: Size
  /** What of the right side is behind a panel. */
  covered: number
}

const nowhere: Size = { width: 0, height: 0 }

export function useCamera(element: RefObject<HTMLElement | null>, { content, covered }: CameraOptions): CameraControl {
  const [view, setView] = useState(nowhere)
  const [camera, setCamera] = useState<Camera>()
  const open = { width: Math.max(0, view.width - covered), height: view.height }
  const current = camera ?? opening(content, open)
  const shown = clamped(current, content, open)
  const latest = useRef({ camera: shown, content, open })
  latest.current = { camera: shown, content, open }

  const move = useCallback((change: (from: Camera) => Camera): boolean => {
    const { camera: from, content: all, open: seen } = latest.current
    const to = clamped(change(from), all, seen)
    const isSame = to.x === from.x && to.y === from.y && to.scale === from.scale
    // What comes before the next frame starts from here.
    latest.current = { ...latest.current, camera: to }
    if (!isSame) setCamera(to)
    return !isSame
  }, [])

  useEffect(() => {
    const { current: target } = element
    if (!target) return
    const observer = new ResizeObserver(() => setView({ width: target.clientWidth, height: target.clientHeight }))
    observer.observe(target)
    const stopWheel = listenToWheel(target, move)
    const stopPointers = listenToPointers(target, move)
    return () => {
      observer.disconnect()
      stopWheel()
      stopPointers()
    }
  }, [element, move])

  const centre = () => ({ x: latest.current.open.width / 2, y: latest.current.open.height / 2 })
  return {
    camera: shown,
    view: open,
    zoomBy: (factor) => void move((from) => zoomedAt(from, from.scale * factor, centre())),
    fitAll: () => void move(() => fitting(latest.current.content, latest.current.open)),
    reveal: useCallback((box: Box) => void move((from) => revealing(from, box, latest.current.open)), [move]),
    moveTo: (to) => void move(() => to),
  }
}

type Move = (change: (from: Camera) => Camera) => boolean

const linePixels = 16

function listenToWheel(target: HTMLElement, move: Move): () => void {
  const onWheel = (event: WheelEvent) => {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? linePixels : 1
    if (event.ctrlKey || event.metaKey) {
      const { left, top } = target.getBoundingClientRect()
      const at = { x: event.clientX - left, y: event.clientY - top }
      move((from) => zoomedAt(from, from.scale * Math.exp((-event.deltaY * unit) / 300), at))
      event.preventDefault()
      return
    }
    const [deltaX, deltaY] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY]
    // At its end the page goes on.
    if (move(({ x, y, scale }) => ({ x: x - deltaX * unit, y: y - deltaY * unit, scale }))) event.preventDefault()
  }
  target.addEventListener('wheel', onWheel, { passive: false })
  return () => target.removeEventListener('wheel', onWheel)
}

/** Less than this is a click. */
const dragPixels = 4

function listenToPointers(target: HTMLElement, move: Move): () => void {
  const pointers = new Map<number, { x: number; y: number }>()
  let travelled = 0

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    if (pointers.size === 0) travelled = 0
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
  }
  const onMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId)
    if (!before) return
    const now = { x: event.clientX, y: event.clientY }
    const [dx, dy] = [now.x - before.x, now.y - before.y]
    travelled += Math.abs(dx) + Math.abs(dy)
    if (travelled < dragPixels) return
    target.dataset.dragging = ''
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1]
    pointers.set(event.pointerId, now)
    if (!other) {
      move(({ x, y, scale }) => ({ x: x + dx, y: y + dy, scale }))
      return
    }
    const { left, top } = target.getBoundingClientRect()
    const middle = { x: (now.x + other.x) / 2 - left, y: (now.y + other.y) / 2 - top }
    const ratio = distance(now, other) / Math.max(1, distance(before, other))
    move((from) => zoomedAt({ ...from, x: from.x + dx / 2, y: from.y + dy / 2 }, from.scale * ratio, middle))
  }
  const onUp = (event: PointerEvent) => {
    pointers.delete(event.pointerId)
    if (pointers.size === 0) delete target.dataset.dragging
  }
  /** What has been dragged has not been clicked. */
  const onClick = (event: MouseEvent) => {
    if (travelled >= dragPixels) event.stopPropagation()
    travelled = 0
  }
  target.addEventListener('pointerdown', onDown)
  addEventListener('pointermove', onMove)
  addEventListener('pointerup', onUp)
  addEventListener('pointercancel', onUp)
  target.addEventListener('click', onClick, { capture: true })
  return () => {
    target.removeEventListener('pointerdown', onDown)
    removeEventListener('pointermove', onMove)
    removeEventListener('pointerup', onUp)
    removeEventListener('pointercancel', onUp)
    target.removeEventListener('click', onClick, { capture: true })
  }
}

function distance(one: { x: number; y: number }, other: { x: number; y: number }): number {
  return Math.hypot(one.x - other.x, one.y - other.y)
}
