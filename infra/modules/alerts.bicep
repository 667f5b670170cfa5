// What wakes somebody. Each alert's name is a heading of the guide, which says what it means and what to do.
import { tagsType } from '../names.bicep'

@export()
@description('Who is told.')
type alertReceiversType = {
  @description('Mailboxes; told of everything.')
  @minLength(1)
  emails: string[]
  @description('Phones that get a text for severity 1; not through our own sender.')
  phones: {
    @description('Country code, digits only.')
    countryCode: string
    @description('National number, digits only.')
    number: string
  }[]
}

@export()
@description('When somebody is told.')
type alertLimitsType = {
  @description('Messages that lie in one queue for 15 minutes.')
  @minValue(10)
  backlog: int
  @description('Failed requests in 15 minutes.')
  @minValue(1)
  failedRequests: int
  @description('Seconds from the moment a report fell due to its escalation.')
  @minValue(60)
  escalationLagSeconds: int
  @description('Per cent of texts that fail, of at least twenty in 30 minutes.')
  @minValue(1)
  @maxValue(100)
  smsFailurePercent: int
}

param location string
param tags tagsType
param namePrefix string
param receivers alertReceiversType
param limits alertLimitsType
param workspaceId string
param componentId string
param componentName string
param busId string
param topicId string
param dataAccountId string
param healthUri string

@description('Regions whose probes ask for health.')
param probeLocations string[]

resource everybody 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${namePrefix}-everybody'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: '940'
    emailReceivers: [
      for (email, index) in receivers.emails: {
        name: 'mail-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource onCall 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${namePrefix}-on-call'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: '940 now'
    emailReceivers: [
      for (email, index) in receivers.emails: {
        name: 'mail-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
    smsReceivers: [
      for (phone, index) in receivers.phones: {
        name: 'phone-${index}'
        countryCode: phone.countryCode
        phoneNumber: phone.number
      }
    ]
  }
}

var perQueue = [
  {
    name: 'EntityName'
    operator: 'Include'
    values: [
      '*'
    ]
  }
]

var metricRules = [
  {
    name: 'dead-letters'
    severity: 1
    scope: busId
    namespace: 'Microsoft.ServiceBus/namespaces'
    metric: 'DeadletteredMessages'
    dimensions: perQueue
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'backlog'
    severity: 2
    scope: busId
    namespace: 'Microsoft.ServiceBus/namespaces'
    metric: 'ActiveMessages'
    dimensions: perQueue
    aggregation: 'Average'
    threshold: limits.backlog
    window: 'PT15M'
  }
  {
    name: 'bus-throttling'
    severity: 2
    scope: busId
    namespace: 'Microsoft.ServiceBus/namespaces'
    metric: 'ThrottledRequests'
    dimensions: []
    aggregation: 'Total'
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'failed-requests'
    severity: 2
    scope: componentId
    namespace: 'microsoft.insights/components'
    metric: 'requests/failed'
    dimensions: []
    aggregation: 'Count'
    threshold: limits.failedRequests
    window: 'PT15M'
  }
  {
    name: 'sms-events-dead-lettered'
    severity: 1
    scope: topicId
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DeadLetteredCount'
    dimensions: []
    aggregation: 'Total'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'sms-events-not-delivered'
    severity: 2
    scope: topicId
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DeliveryAttemptFailCount'
    dimensions: []
    aggregation: 'Total'
    threshold: 20
    window: 'PT15M'
  }
  {
    name: 'storage-throttling'
    severity: 2
    scope: dataAccountId
    namespace: 'Microsoft.Storage/storageAccounts'
    metric: 'Transactions'
    dimensions: [
      {
        name: 'ResponseType'
        operator: 'Include'
        values: [
          'ServerBusyError'
          'ClientThrottlingError'
          'ClientAccountRequestThrottlingError'
          'ClientAccountBandwidthThrottlingError'
        ]
      }
    ]
    aggregation: 'Total'
    threshold: 10
    window: 'PT5M'
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for rule in metricRules: {
    name: '${namePrefix}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'infra/README.md, "${rule.name}"'
      enabled: true
      severity: rule.severity
      scopes: [
        rule.scope
      ]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.name
            metricNamespace: rule.namespace
            metricName: rule.metric
            dimensions: rule.dimensions
            operator: 'GreaterThan'
            threshold: rule.threshold
            timeAggregation: rule.aggregation
          }
        ]
      }
      actions: [
        {
          actionGroupId: rule.severity == 1 ? onCall.id : everybody.id
        }
      ]
    }
  }
]

// Each query answers one row with the column Value, or none when nothing was measured.
var logRules = [
  {
    name: 'escalation-late'
    severity: 1
    query: 'AppMetrics | where Name == "escalation.lag.seconds" | summarize Value = max(Max)'
    operator: 'GreaterThan'
    threshold: limits.escalationLagSeconds
    window: 'PT15M'
  }
  {
    name: 'escalation-silent'
    severity: 1
    // A timer that stopped measures nothing: the silence itself is what is counted.
    query: 'AppMetrics | where Name == "escalation.ticks" | summarize Value = coalesce(sum(Sum), 0.0)'
    operator: 'LessThan'
    threshold: 1
    window: 'PT15M'
  }
  {
    name: 'sms-failing'
    severity: 1
    query: 'AppMetrics | where Name == "serverless940.channel.sends" | where tostring(Properties["channel"]) == "sms" | extend Outcome = tostring(Properties["outcome"]) | summarize Failed = sumif(Sum, Outcome in ("failed", "refused")), All = sumif(Sum, Outcome in ("failed", "refused", "delivered")) | where All >= 20 | project Value = 100.0 * Failed / All'
    operator: 'GreaterThan'
    threshold: limits.smsFailurePercent
    window: 'PT30M'
  }
  {
    name: 'sms-throttled'
    severity: 2
    query: 'AppMetrics | where Name == "serverless940.channel.sends" | where tostring(Properties["channel"]) == "sms" and tostring(Properties["outcome"]) == "later" | summarize Value = sum(Sum)'
    operator: 'GreaterThan'
    threshold: 50
    window: 'PT15M'
  }
  {
    name: 'workspace-full'
    severity: 2
    query: '_LogOperation | where Category =~ "Ingestion" | where Detail has "OverQuota" | summarize Value = count()'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT30M'
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in logRules: {
    name: '${namePrefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${namePrefix}-${rule.name}'
      description: 'infra/README.md, "${rule.name}"'
      enabled: true
      severity: rule.severity
      scopes: [
        workspaceId
      ]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              minFailingPeriodsToAlert: 1
              numberOfEvaluationPeriods: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [
          rule.severity == 1 ? onCall.id : everybody.id
        ]
      }
    }
  }
]

resource probe 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${namePrefix}-health'
  location: location
  tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${namePrefix}-health'
    Name: '${namePrefix}-health'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      for probeLocation in probeLocations: {
        Id: probeLocation
      }
    ]
    Request: {
      FollowRedirects: false
      HttpVerb: 'GET'
      ParseDependentRequests: false
      RequestUrl: healthUri
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
    }
  }
}

resource unhealthy 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${namePrefix}-unhealthy'
  location: 'global'
  tags: tags
  properties: {
    description: 'infra/README.md, "unhealthy"; ${componentName} keeps the probes\' results'
    enabled: true
    severity: 1
    scopes: [
      probe.id
      componentId
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      componentId: componentId
      failedLocationCount: min(2, length(probeLocations))
      webTestId: probe.id
    }
    actions: [
      {
        actionGroupId: onCall.id
      }
    ]
  }
}

output everybodyId string = everybody.id
