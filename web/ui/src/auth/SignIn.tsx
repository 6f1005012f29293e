import { Eye, EyeOff } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation, useNavigate } from 'react-router'

import { ApiError } from '@/api/errors'
import { explainError } from '@/api/message'
import type { Language } from '@/api/types'
import { Brand } from '@/design/Brand'
import { Button, IconButton } from '@/design/Button'
import { useFormat } from '@/format/useFormat'
import { changeLanguage, LANGUAGES } from '@/i18n'

import { keepChosenLanguage } from './chosenLanguage'
import { Field } from './Field'
import { Sample } from './Sample'
import { useSession } from './session'

interface Problems {
  email?: string
  password?: string
  form?: string
}

/** Where somebody wanted to go before they had to sign in; only addresses of our own screen. */
export function readDestination(state: unknown): string {
  const from = (state as { from?: unknown } | null)?.from
  return typeof from === 'string' && from.startsWith('/') && !from.startsWith('//') ? from : '/'
}

export function SignIn() {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const destination = readDestination(useLocation().state)
  const { status, hasExpired, signIn } = useSession()
  const [problems, setProblems] = useState<Problems>({})
  const [isBusy, setBusy] = useState(false)
  const [isShown, setShown] = useState(false)
  const email = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)

  if (status === 'signed-in' && !isBusy) return <Navigate to={destination} replace />

  async function submit(event: FormEvent) {
    event.preventDefault()
    const typed = { email: email.current?.value.trim() ?? '', password: password.current?.value ?? '' }
    const found: Problems = {}
    if (!typed.email) found.email = t('signIn.emailMissing')
    else if (!/^\S+@\S+\.\S+$/.test(typed.email)) found.email = t('signIn.emailInvalid')
    if (!typed.password) found.password = t('signIn.passwordMissing')
    setProblems(found)
    if (found.email) return email.current?.focus()
    if (found.password) return password.current?.focus()

    setBusy(true)
    try {
      await signIn(typed.email, typed.password)
      await navigate(destination, { replace: true })
    } catch (error) {
      const isWrong = error instanceof ApiError && error.status === 401
      setProblems({ form: isWrong ? t('signIn.wrong') : explainError(error, t, format) })
      password.current?.select()
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="grid min-h-dvh lg:grid-cols-[1.1fr_1fr]">
      <Sample />
      <main className="flex flex-col bg-sheet px-6 py-6 sm:px-12">
        <div className="flex items-center justify-between gap-4">
          <span className="lg:invisible">
            <Brand />
          </span>
          <LanguageSwitch />
        </div>
        <div className="m-auto w-full max-w-sm py-10">
          <h1 className="font-display text-3xl font-semibold tracking-tight">{t('signIn.title')}</h1>
          <p className="mt-2 text-ink-soft">{t('tagline')}</p>
          <div role="alert" className="mt-6 empty:hidden">
            {(problems.form ?? (hasExpired ? t('signIn.expired') : null)) && (
              <p className={problems.form ? 'rounded-md bg-bad-soft px-4 py-3 text-sm text-bad' : 'rounded-md bg-mark-soft px-4 py-3 text-sm'}>
                {problems.form ?? t('signIn.expired')}
              </p>
            )}
          </div>
          <form className="mt-6 grid gap-5" onSubmit={submit} noValidate>
            <Field ref={email} label={t('signIn.email')} problem={problems.email} type="email" name="email" autoComplete="username" inputMode="email" />
            <Field
              ref={password}
              label={t('signIn.password')}
              problem={problems.password}
              type={isShown ? 'text' : 'password'}
              name="password"
              autoComplete="current-password"
              aside={
                <IconButton
                  label={t(isShown ? 'signIn.hidePassword' : 'signIn.showPassword')}
                  aria-pressed={isShown}
                  onClick={() => setShown(!isShown)}
                >
                  {isShown ? <EyeOff className="size-4.5" /> : <Eye className="size-4.5" />}
                </IconButton>
              }
            />
            <Button type="submit" look="primary" className="min-h-12 text-base" aria-disabled={isBusy} disabled={isBusy}>
              {t(isBusy ? 'signIn.submitting' : 'signIn.submit')}
            </Button>
          </form>
        </div>
      </main>
    </div>
  )
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation()

  function choose(language: Language) {
    keepChosenLanguage(language)
    void changeLanguage(language)
  }

  return (
    <div role="group" aria-label={t('signIn.language')} className="flex gap-0.5">
      {LANGUAGES.map((language: Language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          title={t(`account.languages.${language}`)}
          onClick={() => choose(language)}
          className="stroke min-h-9 min-w-10 rounded-sm text-sm font-semibold text-ink-soft uppercase hover:text-ink aria-pressed:stroke-drawn aria-pressed:text-ink"
        >
          <span className="sr-only">{t(`account.languages.${language}`)}</span>
          <span aria-hidden="true">{language}</span>
        </button>
      ))}
    </div>
  )
}
