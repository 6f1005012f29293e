import { useState } from 'react'

/** A long list in helpings: what is shown now, how many more there are, and how to see them. */
export function useMore<Item>(items: Item[], helping: number): { shown: Item[]; hidden: number; showMore: () => void } {
  const [limit, setLimit] = useState(helping)
  return { shown: items.slice(0, limit), hidden: Math.max(0, items.length - limit), showMore: () => setLimit(limit + helping * 3) }
}
