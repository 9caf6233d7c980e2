import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'

/** The price of a query by the documented formula. `objects` counts asked git objects and nodes, which cost nothing. */
export type Cost = { points: number; nodes: number; objects: number; errors: GraphQLError[] }

const NODES_IN_A_CALL = 500_000
const PAGE = 100

type Walk = {
  schema: GraphQLSchema
  variables: Readonly<Record<string, unknown>>
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  requests: number
  nodes: number
  objects: number
  errors: GraphQLError[]
}

const refusal = (message: string, type: string, field: FieldNode) =>
  new GraphQLError(message, { nodes: field, extensions: { type } })

/**
 * Points = the requests that all connections would need, had each as many parents as its page size allows, divided by
 * 100 and rounded, at least 1. Only connections and `nodes(ids:)` count: aliases of `object` are free.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  const fragments = new Map(
    document.definitions.filter(d => d.kind === 'FragmentDefinition').map(d => [d.name.value, d] as const),
  )
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
  )
  const all = { ...Object.fromEntries(defaults), ...variables }
  const walk: Walk = { schema, variables: all, fragments, requests: 0, nodes: 0, objects: 0, errors: [] }
  const root = schema.getRootType(operation.operation)
  if (root) visit(walk, operation.selectionSet, root, 1)
  if (walk.nodes > NODES_IN_A_CALL) {
    const message = `This query requests up to ${walk.nodes} possible nodes which exceeds the maximum limit of ${NODES_IN_A_CALL}.`
    walk.errors.push(new GraphQLError(message, { extensions: { type: 'MAX_NODE_LIMIT_EXCEEDED' } }))
  }
  return {
    points: Math.max(1, Math.round(walk.requests / 100)),
    nodes: walk.nodes,
    objects: walk.objects,
    errors: walk.errors,
  }
}

function visit(walk: Walk, selections: SelectionSetNode, type: GraphQLOutputType | undefined, parents: number): void {
  for (const selection of selections.selections) {
    if (selection.kind === 'Field') visitField(walk, selection, type, parents)
    else if (selection.kind === 'InlineFragment') {
      const on = selection.typeCondition?.name.value
      visit(walk, selection.selectionSet, on === undefined ? type : outputType(walk.schema, on), parents)
    } else {
      const fragment = walk.fragments.get(selection.name.value)
      if (fragment)
        visit(walk, fragment.selectionSet, outputType(walk.schema, fragment.typeCondition.name.value), parents)
    }
  }
}

function outputType(schema: GraphQLSchema, name: string): GraphQLOutputType | undefined {
  return schema.getType(name) as GraphQLObjectType | undefined
}

function visitField(walk: Walk, field: FieldNode, type: GraphQLOutputType | undefined, parents: number): void {
  const name = field.name.value
  const owner = isObjectType(type) || isInterfaceType(type) ? type : undefined
  const below = owner?.getFields()[name]
  if (below === undefined || field.selectionSet === undefined) return
  const result = getNamedType(below.type)
  if (name === 'object') walk.objects += parents
  const many = result.name.endsWith('Connection')
    ? connection(walk, field, parents)
    : listed(walk, field, type, parents)
  visit(walk, field.selectionSet, result as GraphQLOutputType, many)
}

function argument(walk: Walk, field: FieldNode, name: string): unknown {
  const given = field.arguments?.find(({ name: { value } }) => value === name)
  return given === undefined ? undefined : valueFromASTUntyped(given.value, walk.variables)
}

/** `nodes(ids:)` counts like a connection with as many nodes as ids. */
function listed(walk: Walk, field: FieldNode, type: GraphQLOutputType | undefined, parents: number): number {
  if (field.name.value !== 'nodes' || type !== walk.schema.getQueryType()) return parents
  const ids = argument(walk, field, 'ids')
  const count = Array.isArray(ids) ? ids.length : 1
  if (count > PAGE) {
    walk.errors.push(
      refusal(`You may not provide more than 100 node ids; you provided ${count}.`, 'ARGUMENT_LIMIT', field),
    )
  }
  walk.requests += parents
  walk.nodes += count
  walk.objects += count
  return count
}

function connection(walk: Walk, field: FieldNode, parents: number): number {
  const name = field.name.value
  const size = argument(walk, field, 'first') ?? argument(walk, field, 'last')
  const asksItems = field.selectionSet?.selections.some(s => s.kind !== 'Field' || /^(nodes|edges)$/.test(s.name.value))
  if (typeof size !== 'number') {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
    if (asksItems) walk.errors.push(refusal(message, 'MISSING_PAGINATION_BOUNDARIES', field))
    return parents
  }
  if (size > PAGE || size < 1) {
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`
    walk.errors.push(refusal(message, 'EXCESSIVE_PAGINATION', field))
  }
  walk.requests += parents
  walk.nodes += parents * size
  return parents * size
}
