/** The page's two columns, shared by turns, the first page and the composer: a margin for notes, and the text. */
export const COLUMNS = 'mx-auto w-full max-w-[61rem] px-5 @4xl:grid @4xl:grid-cols-[11.5rem_minmax(0,1fr)] @4xl:gap-x-10 @4xl:px-8'
export const TEXT_COLUMN = '@4xl:col-start-2'
