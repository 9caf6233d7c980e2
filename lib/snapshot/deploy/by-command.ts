/** Where a command deploys to; null for plans, dry runs, checks and everything else. */
import type { Command } from '../commands.ts'
import { expanded, launched } from '../publish/launched.ts'
import type { Target } from './deploy.ts'
import { putsThere } from './remote.ts'

/** `words`: what follows the program's name, without options and their values where the rule does not need them. */
type Rule = { program: RegExp; words: RegExp; to: Target }

const DRY = /^(?:--dry-?run(?:=(?!none)\S*)?|--dry_run|--check|--syntax-check|--noop|--help|-h|--version|--local)$/
const LOCAL = /^(?:localhost|127\.|inventory\/local)/

const RULES: readonly Rule[] = [
  {
    program: /^(?:kubectl|oc)$/,
    words: /^(?:apply|replace|set image|rollout (?:restart|undo)|patch)\b/,
    to: 'kubernetes',
  },
  { program: /^helm$/, words: /^(?:upgrade|install)\b/, to: 'kubernetes' },
  { program: /^helmfile$/, words: /^(?:apply|sync)\b/, to: 'kubernetes' },
  { program: /^skaffold$/, words: /^(?:run|deploy|apply)\b/, to: 'kubernetes' },
  { program: /^kapp$/, words: /^deploy\b/, to: 'kubernetes' },
  { program: /^argocd$/, words: /^app (?:sync|set|create)\b/, to: 'kubernetes' },
  { program: /^(?:terraform|tofu|terragrunt)$/, words: /^(?:apply|run-all apply)\b/, to: 'infrastructure' },
  { program: /^pulumi$/, words: /^(?:up|update)\b/, to: 'infrastructure' },
  {
    program: /^aws$/,
    words:
      /^(?:s3 sync (?!s3:).* s3:|ecs update-service|lambda update-function-code|cloudformation (?:deploy|create-stack|update-stack)|deploy (?:create-deployment|push)|elasticbeanstalk update-environment|apprunner start-deployment|amplify start-)/,
    to: 'aws',
  },
  { program: /^(?:sam|cdk|eb|copilot)$/, words: /^deploy\b/, to: 'aws' },
  {
    program: /^gcloud$/,
    words:
      /^(?:(?:alpha|beta) )?(?:run (?:deploy|services (?:update|replace))|app deploy|functions deploy|deploy releases create)\b/,
    to: 'google',
  },
  { program: /^gsutil$/, words: /^rsync (?!gs:).* gs:/, to: 'google' },
  { program: /^firebase$/, words: /^deploy\b/, to: 'google' },
  {
    program: /^az$/,
    words:
      /^(?:webapp (?:deploy|up|config container set)|webapp deployment source config-zip|functionapp deployment source|containerapp (?:update|up)|deployment (?:group|sub) create|staticwebapp)\b/,
    to: 'azure',
  },
  { program: /^(?:azd|func)$/, words: /^(?:deploy|up|azure functionapp publish)\b/, to: 'azure' },
  { program: /^(?:serverless|sls)$/, words: /^deploy\b/, to: 'platform' },
  { program: /^vercel$/, words: /^(?:deploy\b|$|--)/, to: 'platform' },
  { program: /^(?:netlify|flyctl|fly|kamal|railway|cf)$/, words: /^(?:deploy|up|push)\b/, to: 'platform' },
  { program: /^heroku$/, words: /^container:release\b/, to: 'platform' },
  { program: /^wrangler$/, words: /^(?:deploy|publish|pages (?:deploy|publish))\b/, to: 'platform' },
  { program: /^git$/, words: /^push (?:\S+ )*(?:heroku|dokku)\b/, to: 'platform' },
  { program: /^nomad$/, words: /^(?:job )?run\b/, to: 'host' },
  { program: /^docker$/, words: /^stack deploy\b/, to: 'host' },
  { program: /^cap$/, words: /\bdeploy\b/, to: 'host' },
  { program: /^ansible-playbook$/, words: /./, to: 'host' },
  { program: /^mkdocs$/, words: /^gh-deploy\b/, to: 'pages' },
  { program: /^mike$/, words: /^deploy\b.* --push\b/, to: 'pages' },
  { program: /^gh-pages$/, words: /./, to: 'pages' },
]

export function deploysByCommand(command: Command): Target | null {
  const [program = '', ...rest] = launched(command.argv).map(word => expanded(word, command.env))
  if (rest.some(word => DRY.test(word))) return null
  if (/^(?:rsync|scp)$/.test(program)) return isToHost(rest) ? 'host' : null
  if (program === 'ssh') return isServer(rest) ? 'host' : null
  if (program === 'ansible-playbook' && rest.some(word => LOCAL.test(word) || word === 'local')) return null
  const line = rest.join(' ')
  const plain = withoutLeadingOptions(rest).join(' ')
  return RULES.find(rule => rule.program.test(program) && (rule.words.test(plain) || rule.words.test(line)))?.to ?? null
}

/** `kubectl -n prod apply` and `terraform -chdir=x apply`: options may stand in front of the verb. */
function withoutLeadingOptions(rest: readonly string[]): string[] {
  let at = 0
  while (rest[at]?.startsWith('-'))
    at += /^(?:-n|--namespace|--context|--kubeconfig|--region|--profile|--project)$/.test(rest[at] ?? '') ? 2 : 1
  return rest.slice(at)
}

/** A copy to another machine names it before a colon: `dist/ user@host:/srv`. */
function isToHost(rest: readonly string[]): boolean {
  const target = rest.findLast(word => !word.startsWith('-')) ?? ''
  return /^[^/\s:]+@?[^/\s:]*:(?!\/\/)/.test(target) && !/^\w:\\/.test(target)
}

/** A server on which something is done: a look at it, a test of the connection and a code host are none. */
function isServer(rest: readonly string[]): boolean {
  if (rest.some(word => /^-(?:T|V|Q|N|f?N\w*|L|R|D)/.test(word))) return false
  const plain = rest.filter(word => !word.startsWith('-'))
  const isToServer = plain.length > 1 && plain.some(word => /@/.test(word))
  if (!isToServer || plain.some(word => /^git@|localhost/.test(word))) return false
  return putsThere(rest.slice(rest.findIndex(word => /^[^-].*@/.test(word)) + 1).join(' '))
}
