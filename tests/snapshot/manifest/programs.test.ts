/** Manifests that are programs: what is literal in them is read, wherever the lines break. */
import { expect, test } from 'vitest'
import { readMixExs, readTerraform } from '#lib/snapshot/manifest/others.ts'
import { readSetupPy } from '#lib/snapshot/manifest/python-projects.ts'

function setupPy(text: string): string[] {
  return readSetupPy({ path: 'setup.py', text, mode: '100644', oid: '' }).dependencies.map(
    ({ name, constraint, line }) => `${name}${constraint}:${line}`,
  )
}

test('a tuple of mix.exs over several lines is a dependency', () => {
  const text = `defp deps do
  [
    {:heroicons,
     github: "tailwindlabs/heroicons",
     tag: "v2.2.0",
     only: :dev},
    {:jason, "~> 1.4"}, # {:old, "~> 0.1"}
    {:core, in_umbrella: true},
    {:kit, override: true, path: "../kit"}
  ]
end
def project, do: [app: :a, aliases: {:setup, "deps.get"}, x: {:error, :none}]
`
  expect(readMixExs(text).map(({ name, constraint, line, source }) => [name, constraint, line, source])).toEqual([
    ['heroicons', '', 3, 'registry'],
    ['jason', '~> 1.4', 7, 'registry'],
    ['core', '', 8, 'path'],
    ['kit', '', 9, 'path'],
  ])
})

test('a provider has its owner also where none is written, in lower case, as Terraform compares it', () => {
  const text = `terraform {
  required_providers {
    google = {
      version = "6.50.0"
    }
    aws    = { source = "aws", version = "~> 5" }
    rest   = {
      source  = "Mastercard/restapi"
      version = "1.0"
    }
    old    = "~> 2.0"
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
`
  expect(readTerraform(text).map(({ name, line }) => [name, line])).toEqual([
    ['hashicorp/google', 3],
    ['hashicorp/aws', 6],
    ['mastercard/restapi', 8],
    ['hashicorp/old', 11],
  ])
})

test('a list of setup.py is read under its name too, and through brackets in its strings', () => {
  expect(setupPy('setup(install_requires=[\n  "uvicorn[standard]>=1", # ]\n  \'attrs==2.0\',\n])\n')).toEqual([
    'uvicorn>=1:2',
    'attrs==2.0:3',
  ])
  expect(setupPy('REQUIRED = [\n  "py>=1.5",\n]\nsetup(install_requires=REQUIRED, extras_require={})\n')).toEqual([
    'py>=1.5:2',
  ])
  expect(setupPy('setup(install_requires=read("requirements.txt"))\n')).toEqual([])
})
