/**
 * Images whose own configuration names a user other than root, as their publishers say of them; kept by hand. Only what
 * holds for every tag that `tag` takes in stands here: a wrong entry would hide a root.
 */
import { parseImage } from '../image/reference.ts'

/** `image` is held against the full name without tag; `but` names those of a family that do run as root. */
type Base = { image: RegExp; tag?: RegExp; but?: RegExp; user: string }

const BASES: readonly Base[] = [
  { image: /^gcr\.io\/distroless\//, tag: /nonroot/, user: 'nonroot' },
  {
    image: /^cgr\.dev\//,
    but: /\/(?:wolfi-base|chainguard-base|go|rust|gcc-glibc|apko|melange|docker[\w-]*|dind|bash|git|busybox)$/,
    user: 'nonroot',
  },
  { image: /^docker\.io\/envoyproxy\/envoy$/, tag: /distroless/, user: 'nonroot' },
  { image: /^dhi\.io\//, tag: /^(?!.*-dev\b)/, user: 'nonroot' },
  { image: /^mcr\.microsoft\.com\/dotnet\//, tag: /chiseled|distroless/, user: 'app' },
  { image: /^mcr\.microsoft\.com\/windows\/nanoserver$/, user: 'ContainerUser' },
  { image: /^mcr\.microsoft\.com\/(?:dotnet|powershell)/, tag: /nanoserver/, user: 'ContainerUser' },
  { image: /^mcr\.microsoft\.com\/mssql\/server$/, tag: /^20(?:19|[2-9]\d)/, user: 'mssql' },
  { image: /(?:^|\/)nginx(?:inc)?\/nginx-unprivileged$/, user: 'nginx' },
  {
    image: /^(?:docker\.io\/bitnami(?:legacy|secure)?|public\.ecr\.aws\/bitnami)\//,
    but: /\/(?:minideb|git|os-shell|bitnami-shell|oraclelinux-[\w-]+)$/,
    user: '1001',
  },
  {
    image: /^registry\.(?:access\.redhat\.com|redhat\.io)\/ubi\d+\/(?:nodejs|python|ruby|php|perl|nginx|httpd)-\d/,
    user: '1001',
  },
  { image: /^registry\.(?:access\.redhat\.com|redhat\.io)\/ubi\d+\/openjdk-\d/, user: 'jboss' },
  { image: /^quay\.io\/sclorg\/(?:nodejs|python|ruby|php|perl|nginx|httpd)-/, user: '1001' },
  { image: /^quay\.io\/operator-framework\/(?:ansible|helm)-operator$/, user: '1001' },
  { image: /^docker\.io\/jenkins\/(?:jenkins|agent|inbound-agent)$/, user: 'jenkins' },
  { image: /^docker\.io\/grafana\/grafana(?:-oss|-enterprise)?$/, user: 'grafana' },
  {
    image: /^(?:docker\.io\/prom|quay\.io\/prometheus)\/(?:prometheus|alertmanager|node-exporter|pushgateway)$/,
    user: 'nobody',
  },
  { image: /^quay\.io\/keycloak\/keycloak$/, user: '1000' },
  { image: /^docker\.io\/apache\/(?:airflow|superset|kafka)$/, user: 'the service' },
  { image: /^docker\.io\/confluentinc\/cp-/, user: 'appuser' },
  { image: /^docker\.elastic\.co\/(?:elasticsearch|kibana|logstash)\//, tag: /^(?:[89]|\d\d)\./, user: '1000' },
  { image: /^(?:quay\.io|docker\.io)\/jupyter\//, user: 'jovyan' },
  { image: /^docker\.io\/selenium\//, user: 'seluser' },
  { image: /^docker\.io\/(?:library\/docker|moby\/buildkit)$/, tag: /rootless/, user: 'rootless' },
  { image: /^(?:docker\.io|quay\.io|ghcr\.io)\/curl(?:images)?\/curl$/, user: 'curl_user' },
  { image: /^docker\.io\/library\/(?:memcached|varnish|solr|sonarqube|kong)$/, user: 'the service' },
  { image: /^docker\.io\/nodered\/node-red$/, user: 'node-red' },
  { image: /^docker\.io\/(?:cimg|circleci)\//, user: 'circleci' },
  { image: /^docker\.io\/gitpod\/workspace-/, user: 'gitpod' },
  { image: /^ghcr\.io\/puppeteer\/puppeteer$/, user: 'pptruser' },
  { image: /^ghcr\.io\/actions\/actions-runner$/, user: 'runner' },
  { image: /^docker\.io\/(?:homebrew|linuxbrew)\/brew$|^ghcr\.io\/homebrew\/ubuntu/, user: 'linuxbrew' },
  { image: /^docker\.io\/codercom\/code-server$/, user: 'coder' },
  { image: /^docker\.io\/ocaml\/opam$/, user: 'opam' },
  { image: /^docker\.io\/sonatype\/nexus3$/, user: 'nexus' },
]

/** The user that a well-known image runs as where nothing else is said; null where that is root or not known. */
export function userOfBase(image: string): string | null {
  // What is unknown of the tag decides nothing where the family alone does.
  const parsed = parseImage(image) ?? parseImage(image.replace(/[:@][^/]*$/, ''))
  if (!parsed) return null
  const found = BASES.find(
    base =>
      base.image.test(parsed.name) &&
      !base.but?.test(parsed.name) &&
      (!base.tag || (parsed.tag !== null && base.tag.test(parsed.tag))),
  )
  return found?.user ?? null
}

/** An unprivileged user that an image brings along without running as it. */
export function userInBase(image: string): string | null {
  const parsed = parseImage(image)
  if (!parsed) return null
  if (parsed.name === 'docker.io/library/node') return 'node'
  if (parsed.name.startsWith('gcr.io/distroless/')) return 'nonroot'
  const isDotnet = /^mcr\.microsoft\.com\/dotnet\/(?:aspnet|runtime|runtime-deps|sdk)$/.test(parsed.name)
  // From .NET 8 on the images set APP_UID and make the account.
  return isDotnet && /^(?:[89]|\d\d)\./.test(parsed.tag ?? '') ? '$APP_UID' : null
}
