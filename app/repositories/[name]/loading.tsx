import { ScorecardSkeleton } from '#components/scorecard/scorecard-skeleton.tsx'

export default function LoadingScorecard() {
  return <ScorecardSkeleton />
}
