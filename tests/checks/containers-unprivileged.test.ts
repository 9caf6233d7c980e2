import { expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const judge = (files: Record<string, string>) => verdictOf('containers-unprivileged', files)

test('one good and one bad make exactly one finding', () => {
  const files = { 'a/Dockerfile': 'FROM a\nUSER node\n', 'b/Dockerfile': 'FROM a\nUSER node\nUSER root\n' }
  const result = judge(files)
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['b/Dockerfile:3'])
})

/** Puts the command together first. */
const PREPARED = '#!/bin/sh\nif [ "$(id -u)" = 0 ]; then\n  as="gosu app:app"\nfi\nexec $as /app/Api\n'

test.each([
  'FROM a\nUSER app',
  'FROM a\nUSER app\nCMD ["x"]',
  'FROM a\nuser 1000:0',
  'FROM a\nUSER root\nRUN x\nUSER app',
  `FROM a\nARG UID=1000\nUSER \${UID}`,
  'FROM a\nUSER $APP_UID',
  'ARG UID=1000\nFROM a\nARG UID\nUSER $UID:$UID',
  'FROM a AS base\nUSER app\nFROM base',
  'FROM a AS base\nUSER app\nFROM base AS mid\nRUN x\nFROM mid',
  'FROM a AS build\nUSER root\nFROM a\nUSER app',
  'FROM gcr.io/distroless/static-debian12:nonroot\nCMD ["x"]',
  'ARG TAG=nonroot-amd64\nFROM gcr.io/distroless/base:$TAG\nCMD ["x"]',
  `FROM gcr.io/distroless/static:nonroot@sha256:${'0'.repeat(64)}\nCMD ["x"]`,
  'FROM cgr.dev/chainguard/node',
  'ARG V\nFROM cgr.dev/chainguard/node:$V',
  'FROM mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled\nCMD ["x"]',
  'FROM nginxinc/nginx-unprivileged:1.27',
  'FROM quay.io/jupyter/base-notebook',
  'FROM postgres\nENTRYPOINT ["gosu", "postgres", "postgres"]',
  'FROM a\nENTRYPOINT exec su-exec app /bin/app',
  'FROM a\nCOPY entry.sh /\nENTRYPOINT ["/entry.sh"]',
  'FROM a\nCOPY prepared.sh /\nENTRYPOINT ["/prepared.sh"]',
  'FROM debian:12\nUSER nobody',
  'FROM ghcr.io/linuxserver/baseimage-alpine:3.24\nCOPY root/ /',
  'FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/',
  'FROM postgis/postgis:17-3.5\nUSER root\nRUN apt-get install -y x',
])('right: %j', text => {
  expect(
    judge({ Dockerfile: text, 'entry.sh': '#!/bin/sh\nexec gosu app "$@"\n', 'prepared.sh': PREPARED }),
  ).toMatchObject({
    outcome: 'pass',
    examined: 1,
  })
})

/** Runs a command as somebody else, and then the service as root. */
const PREPARES = '#!/bin/sh\nsu -p www-data -s /bin/sh -c "php occ upgrade"\nexec "$@"\n'

test.each([
  'FROM tomcat',
  'FROM tomcat\nUSER root',
  'FROM tomcat\nUSER 0',
  'FROM tomcat\nUSER 0:1000',
  'FROM tomcat\nUSER "root"',
  'FROM tomcat\nUSER root:root',
  'FROM tomcat\nARG U=root\nUSER $U',
  `FROM tomcat\nUSER \${U:-0}`,
  'FROM tomcat\nUSER app\nUSER root\nCMD x',
  'FROM tomcat\nUSER app\nFROM tomcat',
  'FROM tomcat AS base\nUSER app\nFROM base\nUSER root',
  'FROM tomcat\nONBUILD USER app',
  'FROM gcr.io/distroless/static-debian12\nCMD ["x"]',
  'FROM gcr.io/distroless/static-debian12:latest\nCMD ["x"]',
  'FROM cgr.dev/chainguard/wolfi-base\nENTRYPOINT ["x"]',
  'FROM bitnami/node:24',
  'FROM php:8.4-apache\nCOPY . /var/www/html',
  'FROM ghcr.io/astral-sh/uv:python3.13-bookworm-slim\nCMD ["x"]',
  'FROM scratch\nCOPY x /x\nENTRYPOINT ["/x"]',
  'FROM mcr.microsoft.com/windows/servercore:ltsc2022',
  'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER Administrator',
  'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerAdministrator',
  'FROM tomcat\nENTRYPOINT ["/start.sh"]',
  'FROM tomcat\nRUN su - app -c make\nCMD ["x"]',
  'FROM tomcat\nCOPY prepare.sh /\nENTRYPOINT ["/prepare.sh"]',
  'FROM postgres:17\nENTRYPOINT ["/start.sh"]',
  'FROM golang:1.26 AS build\nRUN make\nFROM alpine:3.24\nCOPY --from=build /web /usr/bin/web',
  'FROM nginx:1.29-alpine\nCOPY dist /usr/share/nginx/html',
  'ARG BASE=node\nFROM $BASE\nCMD ["x"]',
])('wrong: %j', text => {
  expect(judge({ Dockerfile: text, 'start.sh': '#!/bin/sh\nexec app\n', 'prepare.sh': PREPARES })).toMatchObject({
    outcome: 'fail',
    examined: 1,
  })
})

test.each([
  ['Dockerfile', 'FROM scratch\nCOPY --from=x /a /b'],
  ['.devcontainer/Dockerfile', 'FROM a'],
  ['.gitpod.Dockerfile', 'FROM gitpod/workspace-full\nUSER root'],
  ['Dockerfile', 'ARG BASE\nFROM $BASE'],
  ['Dockerfile', 'FROM {{ base }}'],
  ['Dockerfile', ''],
  ['Dockerfile', 'FROM golang:1.26'],
  ['Dockerfile', 'FROM x AS base\nCMD ["y"]\nFROM public.ecr.aws/docker/library/alpine\nRUN apk add git'],
  ['Dockerfile.dev', 'FROM a'],
  ['docker/web.dev.dockerfile', 'FROM a'],
  ['Dockerfile.test.alpine', 'FROM a'],
  ['Dockerfile.ui.tilt', 'FROM a'],
  ['src/Dockerfile.cypress', 'FROM cypress/included:15'],
  [
    'packaging/rpm/Dockerfile',
    'FROM golang:1 AS build\nFROM rockylinux:9\nCOPY --from=build /a /root/rpmbuild/SOURCES',
  ],
  ['Dockerfile-web-dev', 'FROM a'],
  ['hack/docs/Dockerfile', 'FROM a'],
  ['tests_nightly/Dockerfile', 'FROM a'],
])('not examined: %s %j', (path, text) => {
  expect(judge({ [path]: text }).outcome).toBe('not-applicable')
})

test("a Docker action's own Dockerfile has to run as root, and that is told", () => {
  const action = 'runs:\n  using: docker\n  image: Dockerfile\n'
  expect(judge({ 'scan/action.yml': action, 'scan/Dockerfile': 'FROM a\n' })).toMatchObject({
    outcome: 'not-applicable',
    notes: [expect.stringContaining('scan/Dockerfile')],
  })
})

test('what is tested or shown is no service, and that is told', () => {
  const files = {
    'tests/Dockerfile': 'FROM a\n',
    '.examples/web/Dockerfile': 'FROM a\n',
    'build/Dockerfile': 'FROM golang:1.26\n',
    Dockerfile: 'FROM a\nUSER x\n',
  }
  const notes = [expect.stringContaining('2 places'), expect.stringContaining('1 file.')]
  expect(judge(files)).toMatchObject({ outcome: 'pass', examined: 1, notes })
})

test('what pods demand is told beside an image that runs as root', () => {
  const pod =
    'apiVersion: v1\nkind: Pod\nspec:\n  securityContext:\n    runAsNonRoot: true\n  containers:\n    - image: a\n'
  expect(judge({ Dockerfile: 'FROM tomcat\n', 'k8s/a.yaml': pod }).notes).toEqual([
    'Of 1 pods in the manifests here 1 demand `runAsNonRoot`.',
  ])
})

test('as whom an image that is not known runs is not guessed', () => {
  const files = { 'a/Dockerfile': 'FROM ghcr.io/acme/base:1\nCMD ["x"]\n', 'b/Dockerfile': 'FROM tomcat:11\n' }
  expect(judge({ 'a/Dockerfile': files['a/Dockerfile'] })).toMatchObject({
    outcome: 'unknown',
    reason: expect.stringContaining('`ghcr.io/acme/base:1`'),
  })
  const both = judge(files)
  expect(both).toMatchObject({ outcome: 'fail', examined: 1 })
  expect(places(both)).toEqual(['b/Dockerfile:1'])
  expect(judge({ Dockerfile: 'FROM bitnami/laravel:12\n' }).outcome).toBe('unknown')
  expect(judge({ Dockerfile: 'FROM varnish:6.0\n' }).outcome).toBe('unknown')
  expect(judge({ Dockerfile: 'FROM confluentinc/cp-kafka:5.5.1\n' }).outcome).toBe('unknown')
  expect(judge({ Dockerfile: 'FROM gcr.io.example.org/distroless/static:nonroot\n' }).outcome).toBe('unknown')
})

test('services of s6 say themselves as whom they run, in files that are not read', () => {
  const Dockerfile = 'FROM debian:13\nCOPY root /\nENTRYPOINT ["/init"]\n'
  const run = { 'root/etc/s6-overlay/s6-rc.d/web/run': '#!/bin/sh\nexec s6-setuidgid web web\n' }
  expect(judge({ Dockerfile, ...run })).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('s6') })
  expect(judge({ Dockerfile }).outcome).toBe('fail')
  expect(judge({ Dockerfile: Dockerfile.replace('/init', '/web'), ...run }).outcome).toBe('fail')
})

test('a base that needs no USER is told', () => {
  const image = `gcr.io/distroless/static:nonroot@sha256:${'0'.repeat(64)}`
  expect(judge({ Dockerfile: `FROM ${image}\nCMD ["x"]\n` }).notes).toEqual([
    '`gcr.io/distroless/static:nonroot` is known to run as a user other than root (nonroot), so that no `USER` is needed.',
  ])
})

const patches: [string, string][] = [
  ['FROM node:24\nCMD ["x"]\n', 'FROM node:24\nUSER node\nCMD ["x"]\n'],
  ['FROM tomcat\nUSER root\nCMD ["x"]\n', 'FROM tomcat\nUSER 65532:65532\nCMD ["x"]\n'],
  [
    'FROM tomcat\nRUN adduser -D -u 1000 app\nCMD ["x"]\n',
    'FROM tomcat\nRUN adduser -D -u 1000 app\nUSER app\nCMD ["x"]\n',
  ],
  ['FROM tomcat\nCMD ["x"]\nRUN y\n', 'FROM tomcat\nCMD ["x"]\nRUN y\nUSER 65532:65532\n'],
  ['FROM tomcat\nUSER root\nRUN y\n', 'FROM tomcat\nUSER root\nRUN y\nUSER 65532:65532\n'],
  [
    'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nENTRYPOINT ["x"]\n',
    'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nUSER $APP_UID\nENTRYPOINT ["x"]\n',
  ],
]
test.each(patches)('patch: %j', (before, after) => {
  const files = { Dockerfile: before }
  const result = judge(files)
  expect(mended(files, result)).toEqual({ Dockerfile: after })
  expect(result.findings[0]?.patch?.safety).toBe('review')
  expect(judge({ Dockerfile: after }).outcome).toBe('pass')
})

test.each([
  ['FROM alpine:3.24\nCMD ["x"]\n', '`alpine:3.24` runs as root'],
  ['FROM scratch\nENTRYPOINT ["/x"]\n', '`scratch` runs as root'],
  ['FROM tomcat:11@sha256:0\nCMD ["x"]\n', '`tomcat:11` runs as root'],
])('the base that runs as root is named: %j', (text, words) => {
  expect(judge({ Dockerfile: text }).findings.map(({ message }) => message)).toEqual([expect.stringContaining(words)])
})

test('where the program of the base needs root, another base is named and nothing is patched', () => {
  const [finding] = judge({ Dockerfile: 'FROM nginx:1.29\nCOPY dist /usr/share/nginx/html\n' }).findings
  expect(finding?.message).toContain('nginxinc/nginx-unprivileged')
  expect(finding?.patch).toBeUndefined()
})
