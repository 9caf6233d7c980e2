'use client'

import { Component, type ReactNode } from 'react'

/** For small parts of the frame: where one cannot be read the page itself goes on, and says what is wrong. */
export class QuietBoundary extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  /** What the server has rendered again may stand by now, e.g. after "Try again". */
  override componentDidUpdate(before: { children: ReactNode }) {
    if (this.state.failed && before.children !== this.props.children) this.setState({ failed: false })
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
