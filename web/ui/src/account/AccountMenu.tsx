import { BadgeCheck, ChevronsUpDown, LogOut, MessageCircle, Monitor, Moon, Settings, Sun } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Language } from '@/api/types'
import { useTheme, type Theme } from '@/app/theme'
import { useSession } from '@/auth/session'
import { LANGUAGES } from '@/i18n'
import { VerifiedSheet } from '@/trust/VerifiedSheet'

import { Choice } from './Choice'
import { WhatsApp } from './WhatsApp'

const THEMES: { theme: Theme; Icon: typeof Sun }[] = [
  { theme: 'light', Icon: Sun },
  { theme: 'dark', Icon: Moon },
  { theme: 'system', Icon: Monitor },
]

/** Two letters for a person: the first of the first and of the last name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

const ITEM =
  'flex min-h-10 items-center gap-2.5 rounded-md px-3 text-sm outline-none data-highlighted:bg-ink/6 data-highlighted:text-ink cursor-pointer'

export function AccountMenu() {
  const { t, i18n } = useTranslation()
  const { me, setLanguage, signOut } = useSession()
  const { theme, setTheme } = useTheme()
  const [hasFailed, setFailed] = useState(false)
  const [isPhoneOpen, setPhoneOpen] = useState(false)
  const [isVerifiedOpen, setVerifiedOpen] = useState(false)
  if (!me) return null

  function chooseLanguage(language: string) {
    setFailed(false)
    setLanguage(language as Language).catch(() => setFailed(true))
  }

  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          className="flex min-h-13 w-full items-center gap-3 rounded-lg px-2.5 py-2 text-left transition-colors hover:bg-ink/6 data-[state=open]:bg-ink/6"
        >
          <span aria-hidden="true" className="grid size-9 shrink-0 place-items-center rounded-full bg-brand text-xs font-bold text-on-brand">
            {initialsOf(me.name)}
          </span>
          <span className="min-w-0 flex-1">
            <span className="sr-only">{t('account.open')}: </span>
            <span className="block truncate text-sm font-semibold">{me.name}</span>
            <span className="block truncate text-xs text-ink-soft">{me.tenant?.name ?? me.email}</span>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          aria-label={t('account.open')}
          className="z-20 w-72 rounded-xl bg-raised p-2 shadow-high"
        >
          <div className="px-3 pt-2 pb-3">
            <p className="text-sm font-semibold">{me.name}</p>
            <p className="truncate text-xs text-ink-soft">{me.email}</p>
            <p className="mt-1.5 text-xs text-ink-soft">
              {[t(`account.roles.${me.role}`), me.tenant?.name].filter(Boolean).join(' · ')}
            </p>
          </div>
          <Choice label={t('account.language')} value={i18n.language} onChange={chooseLanguage}>
            {LANGUAGES.map((language) => (
              <Choice.Item key={language} value={language} lang={language}>
                {t(`account.languages.${language}`)}
              </Choice.Item>
            ))}
          </Choice>
          {hasFailed && (
            <p role="alert" className="px-3 pt-1.5 text-xs text-bad">
              {t('account.languageFailed')}
            </p>
          )}
          <Choice label={t('account.theme')} value={theme} onChange={(value) => setTheme(value as Theme)}>
            {THEMES.map(({ theme: value, Icon }) => (
              <Choice.Item key={value} value={value}>
                <Icon aria-hidden="true" className="size-3.5" />
                {t(`account.themes.${value}`)}
              </Choice.Item>
            ))}
          </Choice>
          <DropdownMenu.Separator className="mx-3 my-2 h-px bg-line" />
          {me.tenant && (
            <DropdownMenu.Item className={ITEM} onSelect={() => setPhoneOpen(true)}>
              <MessageCircle aria-hidden="true" className="size-4 text-ink-faint" />
              {t('whatsapp.menu')}
            </DropdownMenu.Item>
          )}
          {me.tenant && (me.role === 'admin' || me.role === 'manager') && (
            <DropdownMenu.Item className={ITEM} onSelect={() => setVerifiedOpen(true)}>
              <BadgeCheck aria-hidden="true" className="size-4 text-ink-faint" />
              {t('verified.menu')}
            </DropdownMenu.Item>
          )}
          {me.role === 'admin' && (
            <DropdownMenu.Item asChild>
              <a href="/admin/" className={ITEM}>
                <Settings aria-hidden="true" className="size-4 text-ink-faint" />
                {t('account.admin')}
              </a>
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item className={ITEM} onSelect={() => void signOut()}>
            <LogOut aria-hidden="true" className="size-4 text-ink-faint" />
            {t('account.signOut')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {isPhoneOpen && <WhatsApp onClose={() => setPhoneOpen(false)} />}
      {isVerifiedOpen && <VerifiedSheet onClose={() => setVerifiedOpen(false)} />}
    </>
  )
}
