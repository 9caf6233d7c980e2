/** What is done on the server that a step logs in to, as far as the words of its script tell. */

/** Words that change nothing of what is served: they look, clean up, or move about. */
const IDLE =
  /^(?:cd|pwd|df|du|test|\[\[?|ls|cat|echo|printf|stat|head|tail|tr|cut|grep|awk|wc|sort|uptime|whoami|hostname|uname|date|id|true|false|exit|set|sleep|rm|rmdir|mkdir|curl|ping|systemctl (?:status|is-active)|docker (?:ps|images|logs|inspect|log(?:in|out)|(?:system|image|container|volume|network|builder) prune)|docker[ -]compose (?:ps|logs))(?:\s|$)/
const STARTS_IMAGES =
  /\b(?:docker|podman|nerdctl)(?:[ -]compose)? (?:[\w-]+ )?(?:pull|up|run|create)\b|\bdocker (?:stack deploy|service (?:update|create))\b|\bnomad (?:job )?run\b|\bkubectl (?:apply|set image|rollout restart)\b|\bhelm (?:upgrade|install)\b/

/** False where it is told what is done there, and that only looks or cleans up. */
export function putsThere(script: string): boolean {
  const commands = withoutComments(script)
    .split(/\n|;|&&|\|\|?/)
    .map(one => one.trim().replace(/^(?:(?:if|then|else|elif|do|while|!|sudo|fi|done|\{|\}|\()(?:\s+|$))+/, ''))
    .filter(one => one !== '' && one !== ')')
  return commands.length === 0 || commands.some(one => !IDLE.test(one) || /^(?:echo|printf|cat)\b.*>/.test(one))
}

/** True where it takes an image from a registry and runs it. */
export function startsImages(script: string): boolean {
  return STARTS_IMAGES.test(withoutComments(script))
}

function withoutComments(script: string): string {
  return script.replace(/^\s*#.*$/gm, '')
}
