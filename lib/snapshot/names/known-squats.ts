/**
 * Names that were or are squats of others, or that are so like another that people install them by mistake: the list that
 * ecosyste.ms keeps of what security research reported (scripts/known-squats.ts renews it), and by hand what it has not,
 * each report with its day.
 */
import listed from './known-squats.json' with { type: 'json' }
import type { NamedEcosystem } from './used-names.ts'

type Report = { ecosystem: NamedEcosystem; source: string; date: string; names: Readonly<Record<string, string>> }

/** `names`: squat → what was meant, as the registry compares them (on PyPI without capitals). */
export const REPORTS: readonly Report[] = [
  { ecosystem: 'npm', source: listed.source, date: listed.date, names: listed.npm },
  { ecosystem: 'pypi', source: listed.source, date: listed.date, names: listed.pypi },
  {
    ecosystem: 'npm',
    source: 'npm: `crossenv` malware on the npm registry',
    date: '2017-08-02',
    names: {
      babelcli: 'babel-cli',
      'cross-env.js': 'cross-env',
      'd3.js': 'd3',
      'fabric-js': 'fabric',
      ffmepg: 'ffmpeg',
      gruntcli: 'grunt-cli',
      'http-proxy.js': 'http-proxy',
      'jquery.js': 'jquery',
      mongose: 'mongoose',
      'mssql-node': 'mssql',
      'mssql.js': 'mssql',
      mysqljs: 'mysql',
      'node-fabric': 'fabric',
      'node-opensl': 'openssl',
      'node-openssl': 'openssl',
      nodefabric: 'fabric',
      nodeffmpeg: 'ffmpeg',
      'nodemailer-js': 'nodemailer',
      'nodemailer.js': 'nodemailer',
      nodemssql: 'mssql',
      noderequest: 'request',
      nodesass: 'node-sass',
      nodesqlite: 'sqlite',
      'opencv.js': 'opencv',
      'openssl.js': 'openssl',
      'proxy.js': 'proxy',
      shadowsock: 'shadowsocks',
      'sqlite.js': 'sqlite',
      sqliter: 'sqlite',
      sqlserver: 'mssql',
    },
  },
  {
    ecosystem: 'npm',
    source: 'npm security advisories: removed for what they send away',
    date: '2020-11-02',
    names: {
      'discord.dll': 'discord.js',
      'discordi.js': 'discord.js',
      electorn: 'electron',
      loadyaml: 'js-yaml',
      lodashs: 'lodash',
      'twilio-npm': 'twilio',
    },
  },
  {
    ecosystem: 'npm',
    source: 'slips of names that are too short for the rule of one letter, or with what people add by habit',
    date: '2026-11-26',
    names: {
      axioss: 'axios',
      expres: 'express',
      expresss: 'express',
      reacct: 'react',
    },
  },
  {
    ecosystem: 'pypi',
    source: 'SK-CSIRT advisory 20170909 on PyPI',
    date: '2017-09-09',
    names: {
      acqusition: 'acquisition',
      bzip: 'bz2file',
      'django-server': 'django',
      'setup-tools': 'setuptools',
      urlib3: 'urllib3',
    },
  },
  {
    ecosystem: 'pypi',
    source: 'PyPI: removed after the report of twelve malicious packages',
    date: '2018-10-13',
    names: {
      colourama: 'colorama',
      dajngo: 'django',
      diango: 'django',
      djago: 'django',
      djanga: 'django',
      mumpy: 'numpy',
      openvc: 'opencv-python',
      pyscrapy: 'scrapy',
      'python-mysql': 'pymysql',
      virtualnv: 'virtualenv',
    },
  },
  {
    ecosystem: 'pypi',
    source: 'PyPI: removed for stealing keys',
    date: '2019-12-01',
    names: { jeilyfish: 'jellyfish', 'python3-dateutil': 'python-dateutil' },
  },
  {
    ecosystem: 'pypi',
    source: 'the checklist, and slips of names that are too short for the rule of one letter',
    date: '2026-11-26',
    names: {
      beautifulsoup: 'beautifulsoup4',
      colorsv2: 'colors',
      opencv: 'opencv-python',
      'python-dateutil2': 'python-dateutil',
      sklearn: 'scikit-learn',
    },
  },
]

const known = new Map(
  REPORTS.flatMap(({ ecosystem, names }) =>
    Object.entries(names).map(([name, meant]) => [`${ecosystem} ${name}`, meant] as const),
  ),
)

/** What was meant by a known squat; null where the name is none. */
export function knownSquat(ecosystem: NamedEcosystem, name: string): string | null {
  return known.get(`${ecosystem} ${name}`) ?? null
}
