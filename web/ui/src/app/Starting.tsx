import { BrandMark } from '@/design/Brand'

/** The moment before it is known who is here: the mark alone, so that nothing flashes by. */
export function Starting() {
  return (
    <main className="grid min-h-dvh place-items-center" aria-busy="true">
      <h1 className="sr-only">EvoSense</h1>
      <BrandMark className="size-10 animate-breathe" />
    </main>
  )
}
