/** Where an action deploys to; null for all that do not. */
import type { CalledAction } from '../commands.ts'
import type { Target } from './deploy.ts'
import { putsThere } from './remote.ts'

const RULES: readonly [RegExp, Target][] = [
  [
    /^(?:azure\/k8s-deploy|google-github-actions\/deploy-gke|koslib\/helm-eks-action|bitovi\/github-actions-deploy-eks-helm|wahyd4\/kubectl-helm-action|deliverybot\/helm|nais\/deploy\/actions\/deploy|bcgov\/action-deployer-openshift)$/,
    'kubernetes',
  ],
  [/^(?:dflook\/(?:terraform|tofu)-apply|pulumi\/actions|terraform-aws-modules\/terraform-apply)$/, 'infrastructure'],
  [
    /^(?:aws-actions\/(?:amazon-ecs-deploy-task-definition|aws-cloudformation-github-deploy|aws-lambda-deploy|aws-codebuild-deploy|amazon-app-runner-deploy|amazon-ecs-deploy-express-service)|einaregilsson\/beanstalk-deploy|jakejarvis\/s3-sync-action|appleboy\/lambda-action)$/,
    'aws',
  ],
  [
    /^(?:google-github-actions\/(?:deploy-cloudrun|deploy-cloud-functions|deploy-appengine|create-cloud-deploy-release)|firebaseextended\/action-hosting-deploy|w9jds\/firebase-action)$/,
    'google',
  ],
  [
    /^azure\/(?:webapps-deploy|functions-action|container-apps-deploy-action|static-web-apps-deploy|arm-deploy|bicep-deploy|aci-deploy|webapps-container-deploy|spring-apps-deploy)$/,
    'azure',
  ],
  [
    /^(?:amondnet\/vercel-action|nwtgck\/actions-netlify|netlify\/actions\/cli|cloudflare\/(?:pages-action|wrangler-action)|superfly\/flyctl-actions|akhileshns\/heroku-deploy|digitalocean\/app_action(?:\/deploy)?|serverless\/github-action|denoland\/deployctl|render-deploy|johnbeynon\/render-deploy-action|bervproject\/railway-deploy)$/,
    'platform',
  ],
  [
    /^(?:appleboy\/(?:ssh|scp)-action|easingthemes\/ssh-deploy|burnett01\/rsync-deployments|samkirkland\/ftp-deploy-action|garygrossgarten\/github-action-scp|dawidd6\/action-ansible-playbook|wlixcc\/sftp-deploy-action)$/,
    'host',
  ],
  [
    /^(?:actions\/deploy-pages|peaceiris\/actions-gh-pages|jamesives\/github-pages-deploy-action|crazy-max\/ghaction-github-pages)$/,
    'pages',
  ],
]

export function deploysByAction({ name, inputs }: CalledAction): Target | null {
  if (inputs.get('dry-run') === 'true' || inputs.get('dry_run') === 'true') return null
  const command = inputs.get('command') ?? ''
  // These two do what an input says.
  if (name === 'pulumi/actions' && !/^(?:up|update)$/.test(command)) return null
  if (name === 'cloudflare/wrangler-action' && command !== '' && !/\b(?:deploy|publish)\b/.test(command)) return null
  if (name === 'appleboy/ssh-action' && !putsThere(inputs.get('script') ?? '')) return null
  return RULES.find(([action]) => action.test(name))?.[1] ?? null
}
