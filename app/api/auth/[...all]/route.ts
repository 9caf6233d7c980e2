import { addressOf, house } from '../../../door.ts'

/** Sign-in, its callbacks and sign-out; nothing is here where nobody has to sign in. */
async function answer(request: Request): Promise<Response> {
  const { signIn } = house()
  return signIn === null
    ? new Response('Nobody has to sign in here.\n', { status: 404 })
    : signIn.handler(request, addressOf(request.headers))
}

export { answer as GET, answer as POST }
