/** The colours of lines and bars, in the order in which they are given out. */
export const INKS = ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)', 'var(--chart-4)']
