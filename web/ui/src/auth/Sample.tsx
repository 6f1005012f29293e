import { useTranslation } from 'react-i18next'

import { Brand } from '@/design/Brand'
import { Change } from '@/design/Change'
import { Ruler } from '@/design/Ruler'
import { useFormat } from '@/format/useFormat'

/** What EvoSense does, shown rather than told, beside the sign-in form. The figures are an example and say so. */
export function Sample() {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <section aria-labelledby="sample" className="hidden flex-col bg-canvas px-14 py-6 text-ink scheme-dark lg:flex">
      <Brand />
      <div className="m-auto w-full max-w-lg py-10">
        <p id="sample" className="font-display text-3xl leading-tight font-semibold tracking-tight text-balance">
          {t('signIn.sample.question')}
        </p>
        <div className="mt-10 rounded-xl bg-sheet px-6 pt-5 pb-4">
          <div className="flex items-baseline gap-4">
            <span className="font-display text-4xl font-medium tracking-tight">{format.rating(3.7)}</span>
            <Change unit="rating" change={-0.6} better="up" />
          </div>
          <Ruler unit="rating" value={3.7} previous={4.3} className="mt-4" />
        </div>
        <p className="mt-6 text-lg text-ink-soft">{t('signIn.sample.answer')}</p>
        <blockquote className="mt-3 text-xl leading-relaxed">
          <span className="stroke stroke-drawn text-ink">“{t('signIn.sample.quote')}”</span>
        </blockquote>
        <p className="mt-10 text-xs text-ink-faint">{t('signIn.sample.credit')}</p>
      </div>
    </section>
  )
}
