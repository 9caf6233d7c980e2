'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import type { WaiverAnswer } from '#lib/api/waivers.ts'

/**
 * Sends a wish. While it is under way the caller shows what it would come to (`wished`); refused, that is gone and the
 * server's sentence is there instead; carried out, the page is read again and tells it itself.
 */
export function useWish<Wish>(send: (wish: Wish) => Promise<WaiverAnswer>) {
  const router = useRouter()
  const { mutate, variables, isPending, isSuccess, error } = useMutation({
    mutationFn: async (wish: Wish) => {
      const { refused } = await send(wish)
      if (refused !== null) throw new Error(refused)
    },
    onSuccess: () => router.refresh(),
  })
  const wished = isPending || isSuccess ? variables : undefined
  return { wish: mutate, wished, saving: isPending, refused: error?.message ?? null }
}
