'use client'

import { notify } from '@mairust/ui'
import { useEffect, useRef, useState } from 'react'

import type { MessageItem } from '#lib/types.ts'
import { useFailureText } from '#lib/use-failure-text.ts'

import { useReadAll } from './data/queries.ts'
import type { ListFilter } from './location.ts'

const NONE: readonly MessageItem[] = []

/** Reads all messages of a list, beyond the loaded ones, to select them together. */
export function useSelectAll(filter: ListFilter, onRead: (rows: readonly MessageItem[]) => void) {
  const readAll = useReadAll()
  const failureText = useFailureText()
  const [read, setRead] = useState({ filter, rows: NONE })
  const [progress, setProgress] = useState<{ filter: ListFilter; count: number } | null>(null)
  const running = useRef<AbortController>(undefined)

  // Stops when the user leaves the list.
  useEffect(() => () => running.current?.abort(), [filter])

  const clear = () => {
    running.current?.abort()
    running.current = undefined
    setProgress(null)
    setRead({ filter, rows: NONE })
  }
  const start = async () => {
    clear()
    const run = new AbortController()
    running.current = run
    setProgress({ filter, count: 0 })
    try {
      const rows = await readAll(filter, run.signal, (count) => {
        if (!run.signal.aborted) setProgress({ filter, count })
      })
      if (run.signal.aborted) return
      setRead({ filter, rows })
      onRead(rows)
    } catch (error) {
      if (run.signal.aborted) return
      const { title, help } = failureText(error)
      notify('error', title, { description: help })
    }
    setProgress(null)
  }

  return {
    rows: read.filter === filter ? read.rows : NONE,
    /** How many messages have been read so far; null if nothing is being read. */
    progress: progress?.filter === filter ? progress.count : null,
    start,
    clear,
  }
}
