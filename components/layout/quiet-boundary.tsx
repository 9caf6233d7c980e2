'use client'

import { Component, type ReactNode } from 'react'

/** For small parts of the frame: where one cannot be read the page itself goes on, and says what is wrong. */
export class QuietBoundary extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
