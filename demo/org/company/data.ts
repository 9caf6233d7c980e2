import { go } from '../ecosystem/go.ts'
import { maven } from '../ecosystem/jvm.ts'
import { npm } from '../ecosystem/npm.ts'
import { python } from '../ecosystem/python.ts'
import { rust } from '../ecosystem/rust.ts'
import type { RepositoryDescription } from '../repository.ts'

/** What is learned from what customers do. */
export const DATA: readonly RepositoryDescription[] = [
  {
    name: 'ml-ranking',
    about: 'Ranks search results.',
    team: 'data',
    language: 'Python',
    topics: ['machine-learning', 'service'],
    deploys: 'kubernetes',
    parts: [
      python({ name: 'ml-ranking', tool: 'uv', uses: ['torch 2.8.0', 'polars 1.33.1', 'mlflow 3.4.0'], image: true }),
    ],
    story: {
      3: 'dependabot',
      8: 'frozenInstall',
      17: 'pinActions',
      24: 'dependabotAll',
      31: 'baseDigest',
      38: 'auditWeekly',
      45: 'loseHashes',
      49: 'mirror',
      51: 'mendLock',
    },
  },
  {
    name: 'ml-notebooks',
    about: 'Notebooks; nothing here is served.',
    team: 'data',
    language: 'Jupyter Notebook',
    topics: ['machine-learning'],
    parts: [
      python({ name: 'ml-notebooks', tool: 'pip', uses: ['pandas 2.3.2', 'scikit-learn 1.7.2', 'matplotlib 3.10.6'] }),
    ],
    start: { lock: 'none' },
    story: { 17: 'lockExact', 31: 'writeAll', 44: 'readToken' },
  },
  {
    name: 'event-ingest',
    about: 'Takes in 90,000 events a second.',
    team: 'data',
    language: 'Rust',
    topics: ['service', 'tier-1'],
    deploys: 'kubernetes',
    parts: [rust({ name: 'event-ingest', uses: ['tokio 1.47.1', 'rdkafka 0.38.0'], image: true })],
    story: {
      2: 'pinActions',
      10: 'readToken',
      19: 'frozenInstall',
      28: 'dependabotAll',
      36: 'auditWeekly',
      43: 'baseDigest',
      49: 'mirror',
      50: 'dependabotBroken',
    },
  },
  {
    name: 'warehouse-models',
    about: 'dbt models of the warehouse.',
    team: 'data',
    language: 'Python',
    topics: ['warehouse'],
    parts: [python({ name: 'warehouse-models', tool: 'pip', uses: ['dbt-core 1.10.11', 'sqlfluff 3.4.2'] })],
    start: { lock: 'exact' },
    story: { 7: 'dependabot', 15: 'lock', 18: 'frozenInstall', 27: 'loseHashes', 37: 'mendLock', 46: 'pinThirdParty' },
  },
  {
    name: 'feature-store',
    about: 'Features for models, online and offline.',
    team: 'data',
    language: 'Go',
    topics: ['service'],
    deploys: 'kubernetes',
    parts: [
      go({
        name: 'feature-store',
        uses: ['github.com/apache/arrow-go/v18 18.4.1', 'go.uber.org/zap 1.27.0'],
        image: true,
      }),
    ],
    start: { updates: 'some' },
    story: { 6: 'frozenInstall', 16: 'staleLock', 20: 'mendLock', 33: 'pinActions', 41: 'dependabotAll' },
  },
  {
    name: 'stream-processor',
    about: 'Joins streams into sessions.',
    team: 'data',
    language: 'Java',
    topics: ['service'],
    parts: [
      maven({
        name: 'stream-processor',
        uses: ['org.apache.kafka:kafka-streams 4.1.0', 'org.rocksdb:rocksdbjni 10.2.1'],
        image: true,
      }),
    ],
    start: { lock: 'exact' },
    story: { 9: 'dependabotAll', 22: 'pinActions', 30: 'lock', 40: 'unpinActions' },
  },
  {
    name: 'data-contracts',
    about: 'Schemas that producers and consumers agree on.',
    team: 'data',
    language: 'JavaScript',
    topics: ['library'],
    visibility: 'internal',
    publishes: 'npm',
    releases: { first: '1.2.0', weeks: [-4, 8, 21, 35, 48] },
    parts: [npm({ name: '@northwind/data-contracts', uses: ['ajv 8.17.1', 'avsc 5.7.9'], library: true })],
    tended: true,
    story: { 12: 'scriptsOff', 23: 'auditWeekly', 32: 'signReleases', 44: 'groupUpdates' },
  },
  {
    name: 'metrics-exporter',
    about: 'Business metrics for Prometheus.',
    team: 'data',
    language: 'Python',
    topics: ['service'],
    deploys: 'kubernetes',
    parts: [
      python({
        name: 'metrics-exporter',
        tool: 'pip',
        uses: ['prometheus-client 0.22.1', 'requests 2.32.5'],
        image: true,
      }),
    ],
    start: { base: 'latest' },
    story: {
      5: 'baseTag',
      14: 'frozenInstall',
      25: 'dependabotAll',
      34: 'dropRoot',
      42: 'pinActions',
      50: 'baseLatest',
    },
  },
]
