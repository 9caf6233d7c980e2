import { ScorecardSkeleton } from '#components/scorecard/scorecard-skeleton.tsx'

export default function LoadingCheck() {
  return <ScorecardSkeleton />
}
