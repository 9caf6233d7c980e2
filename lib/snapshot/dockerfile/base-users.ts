/**
 * What is known of well-known base images: as whom they run, and what they start. Kept by hand from what their publishers
 * say of them, last gone through on 2026-11-26. As whom another image runs is not known, and is not guessed. To renew an entry ask the registry for the image's own configuration:
 * `skopeo inspect --config docker://IMAGE` (or `docker image inspect IMAGE`) says `User`, `Entrypoint` and `Cmd`. Only what
 * holds for every tag that `tag` takes in stands here: a wrong entry would hide a root.
 */
import { type ImageReference, parseImage } from '../image/reference.ts'

/** `image` is held against the full name without tag; `but` names those of a family that do run as root. */
type Base = { image: RegExp; tag?: RegExp; but?: RegExp; user: string }

const UNPRIVILEGED: readonly Base[] = [
  { image: /^gcr\.io\/distroless\//, tag: /nonroot/, user: 'nonroot' },
  {
    image: /^cgr\.dev\//,
    but: /\/(?:wolfi-base|chainguard-base|go|rust|gcc-glibc|apko|melange|docker[\w-]*|dind|bash|git|busybox|buildkit[\w-]*|kaniko[\w-]*|k3s[\w-]*|cri-[\w-]+|cilium[\w-]*|calico[\w-]*|falco[\w-]*|node-problem-detector[\w-]*)$/,
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
    // Those of its languages (node, python, php-fpm) run as root.
    image:
      /^(?:docker\.io\/bitnami(?:legacy|secure)?|public\.ecr\.aws\/bitnami)\/(?:nginx|apache|wordpress-nginx|postgresql(?:-repmgr)?|redis(?:-sentinel|-cluster)?|valkey(?:-sentinel|-cluster)?|mongodb|mariadb(?:-galera)?|mysql|kafka|zookeeper|rabbitmq|etcd|minio|kubectl|keycloak|elasticsearch|opensearch|grafana|prometheus|memcached)$/,
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
  { image: /^docker\.io\/grafana\/k6$/, user: 'k6' },
  {
    image: /^(?:docker\.io\/prom|quay\.io\/prometheus)\/(?:prometheus|alertmanager|node-exporter|pushgateway)$/,
    user: 'nobody',
  },
  { image: /^quay\.io\/keycloak\/keycloak$/, user: '1000' },
  { image: /^(?:docker\.io|ghcr\.io)\/dexidp\/dex$/, user: 'dex' },
  { image: /^docker\.io\/apache\/(?:airflow|superset|kafka)$/, user: 'the service' },
  { image: /^docker\.io\/confluentinc\/cp-/, tag: /^(?:[6-9]|\d\d)\./, user: 'appuser' },
  { image: /^docker\.elastic\.co\/(?:elasticsearch|kibana|logstash)\//, tag: /^(?:[89]|\d\d)\./, user: '1000' },
  { image: /^docker\.io\/opensearchproject\/opensearch(?:-dashboards)?$/, user: '1000' },
  { image: /^(?:quay\.io|docker\.io)\/jupyter\//, user: 'jovyan' },
  { image: /^(?:docker\.io|ghcr\.io)\/mambaorg\/micromamba$/, user: 'mambauser' },
  { image: /^docker\.io\/selenium\//, user: 'seluser' },
  { image: /^docker\.io\/(?:library\/docker|moby\/buildkit)$/, tag: /rootless/, user: 'rootless' },
  { image: /^(?:docker\.io|quay\.io|ghcr\.io)\/curl(?:images)?\/curl$/, user: 'curl_user' },
  { image: /^docker\.io\/library\/(?:memcached|solr|sonarqube|kong)$/, user: 'the service' },
  { image: /^docker\.io\/library\/varnish$/, tag: /^(?:[7-9]|\d\d)\.|^fresh/, user: 'varnish' },
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

/** Their own entry point starts as root to prepare the volume, and runs the service as another user (`exec gosu`). */
const DROPPING =
  /^docker\.io\/(?:library\/(?:postgres|mysql|mariadb|percona|mongo|redis|valkey|rabbitmq|cassandra|couchdb|zookeeper|neo4j|influxdb|ghost)|valkey\/valkey|postgis\/postgis|pgvector\/pgvector|timescale\/timescaledb(?:-ha)?)$|^(?:ghcr\.io|lscr\.io|docker\.io)\/linuxserver\//

/** Systems and languages: what they start by themselves is a shell or nothing. */
const IDLE =
  /^(?:docker\.io|public\.ecr\.aws\/docker|mirror\.gcr\.io)\/library\/(?:alpine|debian|ubuntu|busybox|fedora|rockylinux|centos|almalinux|amazonlinux|oraclelinux|archlinux|buildpack-deps|bash|golang|node|python|ruby|rust|perl|openjdk|ibmjava|eclipse-temurin|amazoncorretto|maven|gradle|swift|elixir|erlang|haskell|gcc)$|^docker\.io\/(?:rockylinux\/rockylinux|opensuse\/[\w-]+|nvidia\/cuda|hexpm\/\w+|azul\/zulu-openjdk[\w-]*|oven\/bun|denoland\/deno)$|^cgr\.dev\/chainguard\/wolfi-base$|^gcr\.io\/distroless\/(?:static|base|base-nossl|cc)(?:-debian\d+)?$|^mcr\.microsoft\.com\/dotnet\/(?:sdk|runtime|runtime-deps|aspnet)$|^registry\.(?:access\.redhat\.com|redhat\.io)\/ubi\d+(?:\/ubi(?:-minimal|-micro|-init)?|-minimal)?$/

/** Services and tools that run as root, besides those above where their own entry point is replaced. */
const ROOT =
  /^(?:docker\.io|public\.ecr\.aws\/docker|mirror\.gcr\.io)\/library\/(?:php|nginx|httpd|tomcat|traefik|caddy|registry|docker|composer|nextcloud|wordpress|drupal|joomla|matomo|phpmyadmin|nats|clojure|dart|julia|pypy|jruby|r-base|sapmachine)$|^gcr\.io\/distroless\/|^gcr\.io\/google\.com\/cloudsdktool\/|^mcr\.microsoft\.com\/(?:windows(?:\/servercore|\/server)?|dotnet\/framework\/\w+|playwright(?:\/\w+)?|(?:azurelinux|cbl-mariner)\/base\/\w+)$|^public\.ecr\.aws\/amazonlinux\/amazonlinux$|^(?:quay\.io\/(?:centos\/centos|fedora\/fedora)|registry\.fedoraproject\.org\/fedora(?:-minimal)?)$|^registry\.k8s\.io\/(?:build-image\/)?debian-base(?:-\w+)?$|^ghcr\.io\/astral-sh\/uv$|^docker\.io\/(?:pytorch\/pytorch|tensorflow\/tensorflow|continuumio\/(?:mini|ana)conda3|condaforge\/mini(?:forge3|conda)|cypress\/(?:base|browsers|included|factory)|localstack\/localstack|minio\/minio|fluent\/fluent-bit|squidfunk\/mkdocs-material|hashicorp\/terraform|amazon\/aws-cli|google\/cloud-sdk|tiangolo\/[\w-]+|phusion\/[\w-]+|rubylang\/ruby|frolvlad\/alpine-[\w-]+|golangci\/golangci-lint|bitnami(?:legacy)?\/(?:minideb|node|python|php-fpm))$/

/** True where the image is known to run as root where nothing else is said. */
export function isRootBase(image: string): boolean {
  if (image.toLowerCase() === 'scratch') return true
  const name = named(image)?.name ?? ''
  return userOfBase(image) === null && [IDLE, DROPPING, ROOT].some(list => list.test(name))
}

export function startsNothing(image: string): boolean {
  return IDLE.test(named(image)?.name ?? '')
}

/** True where the image's own entry point gives root away before it runs the service. */
export function dropsByItself(image: string): boolean {
  return DROPPING.test(named(image)?.name ?? '')
}

/** What to start from instead, in words, where the program of an image needs root as it is set up there. */
export function unprivilegedVariant(image: string): string | null {
  const isNginx = named(image)?.name === 'docker.io/library/nginx'
  return isNginx ? '`nginxinc/nginx-unprivileged`, which is the same but listens on port 8080' : null
}

/** What is unknown of the tag decides nothing where the name alone does. */
function named(image: string): ImageReference | null {
  return parseImage(image) ?? parseImage(image.replace(/[:@][^/]*$/, ''))
}

/** The user that a well-known image runs as where nothing else is said; null where that is root or not known. */
export function userOfBase(image: string): string | null {
  const parsed = named(image)
  if (!parsed) return null
  const found = UNPRIVILEGED.find(
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
