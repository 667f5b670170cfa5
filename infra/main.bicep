// Serverless 940 in one resource group: parameters, names and wiring. What a resource is set to stands in its module.
import { citySettingsType, optionalSecretType } from 'names.bicep'
import { alertLimitsType, alertReceiversType } from 'modules/alerts.bicep'
import { staffSignInType } from 'modules/authentication.bicep'
import { alwaysReadyType } from 'modules/functions.bicep'

targetScope = 'resourceGroup'

@description('Name of the environment: lower-case letters and digits.')
@minLength(1)
@maxLength(12)
param environmentName string

@description('Region; it must offer Flex Consumption.')
param location string = resourceGroup().location

@description('Where Communication Services keeps data at rest; fixed at the first deployment.')
@allowed([
  'Africa'
  'Asia Pacific'
  'Australia'
  'Brazil'
  'Canada'
  'Europe'
  'France'
  'Germany'
  'India'
  'Japan'
  'Korea'
  'Norway'
  'Switzerland'
  'UAE'
  'UK'
  'United States'
])
param smsDataLocation string

@description('The city\'s own settings.')
param citySettings citySettingsType

@description('Optional secrets that are in the vault.')
@maxLength(20)
param optionalSecrets optionalSecretType[] = []

@description('Sign-in of the staff.')
param staffSignIn staffSignInType

@description('Tier of the bus; private networking and zone redundancy want Premium.')
@allowed([
  'Standard'
  'Premium'
])
param busSku string = 'Standard'

@description('Messaging units of a Premium bus.')
@allowed([
  1
  2
  4
  8
  16
])
param busMessagingUnits int = 1

@description('Lets the app manage the bus. Whether the scale controller of Flex Consumption needs it to see queue lengths is not verified: load-test without, and set it only if scaling lags.')
param scalerMayManage bool = false

@description('Tells the app that authentication guards it, for a plan that does not by itself. Not verified whether Flex Consumption does: set it only if signed-in staff are refused everywhere.')
param declareAuthentication bool = false

@description('Redundancy of both storage accounts.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageSku string = 'Standard_ZRS'

@description('Days in which a deleted or overwritten photo can be brought back.')
@minValue(7)
@maxValue(90)
param softDeleteDays int = 14

@description('Days after which photos move to the cool tier.')
@minValue(1)
@maxValue(365)
param mediaCoolAfterDays int = 30

@description('Days after which photos move to the cold tier.')
@minValue(30)
@maxValue(730)
param mediaColdAfterDays int = 90

@description('Days after which photos and voice notes are deleted.')
@minValue(180)
@maxValue(3650)
param mediaRetentionDays int = 730

@description('Memory of an instance; 2048 is one core.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Most instances. The region\'s quota is 250 cores for the whole subscription.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('HTTP requests that one instance serves at a time.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 64

@description('Instances kept warm: at least two each with zone redundancy.')
@maxLength(20)
param alwaysReady alwaysReadyType[] = []

@description('Spreads plan and bus over zones. Storage does so by its own SKU.')
param zoneRedundant bool = false

@description('Data behind private endpoints; needs a Premium bus.')
param privateNetworking bool = false

@description('Address space of the private network, a /24 or larger.')
@minLength(9)
@maxLength(18)
param networkAddressPrefix string = '10.94.0.0/24'

@description('How SMS events arrive: by queue, or by webhook on the second pass, when the code runs.')
@allowed([
  'queue'
  'webhook'
  'none'
])
param smsEventDelivery string = 'queue'

@description('Object id of the group that puts and rotates secrets; empty for none.')
@maxLength(36)
param vaultGroupId string = ''

@description('Locks the resource that holds the sender number against deletion.')
param lockAgainstDeletion bool = true

@description('Who is told.')
param alertReceivers alertReceiversType

@description('When they are told.')
param alertLimits alertLimitsType = {
  backlog: 2000
  failedRequests: 20
  escalationLagSeconds: 300
  smsFailurePercent: 10
}

@description('Regions that ask for health, by the names of availability tests.')
@minLength(1)
@maxLength(16)
param probeLocations string[] = [
  'emea-nl-ams-azr'
  'emea-gb-db3-azr'
  'apac-sg-sin-azr'
]

@description('Days for which telemetry is kept.')
@minValue(30)
@maxValue(730)
param telemetryRetentionDays int = 90

@description('Gigabytes of telemetry a day, at most.')
@minValue(1)
@maxValue(100)
param telemetryDailyCapGb int = 5

@description('Cost of a month, in the subscription\'s currency, at which somebody is told; 0 for no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the budget\'s first month; fixed once deployed.')
@minLength(10)
@maxLength(10)
param budgetFrom string = '2026-12-01'

var token = uniqueString(subscription().id, resourceGroup().id, environmentName)
var prefix = 's940-${environmentName}'
var tags = {
  'azd-env-name': environmentName
}

// Known before anything is made, so that what-if sees through the modules.
var names = {
  app: '${prefix}-app-${token}'
  bus: '${prefix}-bus-${token}'
  communication: '${prefix}-sms-${token}'
  dataAccount: take('s940d${token}', 24)
  hostAccount: take('s940h${token}', 24)
  insights: '${prefix}-insights-${token}'
  plan: '${prefix}-plan-${token}'
  topic: '${prefix}-sms-events-${token}'
  vault: take('s940-${token}', 24)
  workspace: '${prefix}-logs-${token}'
}

var dataAccess = privateNetworking ? 'Disabled' : 'Enabled'
var busTier = privateNetworking && busSku != 'Premium' ? fail('privateNetworking needs busSku Premium') : busSku
var storageSuffix = environment().suffixes.storage

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${prefix}-app-${token}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    location: location
    tags: tags
    workspaceName: names.workspace
    componentName: names.insights
    retentionDays: telemetryRetentionDays
    dailyCapGb: telemetryDailyCapGb
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    location: location
    tags: tags
    hostAccountName: names.hostAccount
    dataAccountName: names.dataAccount
    skuName: storageSku
    softDeleteDays: softDeleteDays
    mediaRetentionDays: mediaRetentionDays
    coolAfterDays: mediaCoolAfterDays
    coldAfterDays: mediaColdAfterDays
    publicNetworkAccess: dataAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}

module bus 'modules/servicebus.bicep' = {
  name: 'servicebus'
  params: {
    location: location
    tags: tags
    name: names.bus
    skuName: busTier
    messagingUnits: busMessagingUnits
    zoneRedundant: zoneRedundant
    publicNetworkAccess: dataAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}

module communication 'modules/communication.bicep' = {
  name: 'communication'
  params: {
    tags: tags
    name: names.communication
    dataLocation: smsDataLocation
    workspaceId: monitoring.outputs.workspaceId
    lockAgainstDeletion: lockAgainstDeletion
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    location: location
    tags: tags
    name: names.vault
    publicNetworkAccess: dataAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}

module access 'modules/access.bicep' = {
  name: 'access'
  dependsOn: [
    bus
    communication
    monitoring
    storage
    vault
  ]
  params: {
    identityId: identity.id
    principalId: identity.properties.principalId
    hostAccountName: names.hostAccount
    dataAccountName: names.dataAccount
    busName: names.bus
    vaultName: names.vault
    componentName: names.insights
    communicationName: names.communication
    scalerMayManage: scalerMayManage
    vaultGroupId: vaultGroupId
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  params: {
    location: location
    tags: tags
    namePrefix: prefix
    addressPrefix: networkAddressPrefix
    endpoints: [
      {
        name: 'host-blobs'
        id: storage.outputs.hostAccountId
        group: 'blob'
        zone: 'privatelink.blob.${storageSuffix}'
      }
      {
        name: 'host-tables'
        id: storage.outputs.hostAccountId
        group: 'table'
        zone: 'privatelink.table.${storageSuffix}'
      }
      {
        name: 'data-blobs'
        id: storage.outputs.dataAccountId
        group: 'blob'
        zone: 'privatelink.blob.${storageSuffix}'
      }
      {
        name: 'data-tables'
        id: storage.outputs.dataAccountId
        group: 'table'
        zone: 'privatelink.table.${storageSuffix}'
      }
      {
        name: 'bus'
        id: bus.outputs.id
        group: 'namespace'
        zone: 'privatelink.servicebus.windows.net'
      }
      {
        name: 'vault'
        id: vault.outputs.id
        group: 'vault'
        zone: 'privatelink.vaultcore.azure.net'
      }
    ]
  }
}

module app 'modules/functions.bicep' = {
  name: 'functions'
  // Its first start finds every role in place.
  dependsOn: [
    access
  ]
  params: {
    location: location
    tags: tags
    planName: names.plan
    appName: names.app
    identityId: identity.id
    identityClientId: identity.properties.clientId
    hostAccountName: names.hostAccount
    packagesUri: storage.outputs.packagesUri
    blobUri: storage.outputs.blobUri
    tableUri: storage.outputs.tableUri
    busHostName: bus.outputs.hostName
    smsEndpoint: communication.outputs.endpoint
    vaultUri: vault.outputs.uri
    insightsConnection: monitoring.outputs.connectionString
    citySettings: citySettings
    declareAuthentication: declareAuthentication
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    optionalSecrets: optionalSecrets
    httpConcurrency: httpConcurrency
    alwaysReady: alwaysReady
    zoneRedundant: zoneRedundant
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    workspaceId: monitoring.outputs.workspaceId
  }
}

module authentication 'modules/authentication.bicep' = {
  name: 'authentication'
  dependsOn: [
    app
  ]
  params: {
    appName: names.app
    staffSignIn: staffSignIn
  }
}

module smsEvents 'modules/smsevents.bicep' = {
  name: 'smsevents'
  dependsOn: [
    bus
  ]
  params: {
    tags: tags
    topicName: names.topic
    communicationId: communication.outputs.id
    busName: names.bus
    dataAccountName: names.dataAccount
    deadLetterContainerName: storage.outputs.deadLetterContainerName
    workspaceId: monitoring.outputs.workspaceId
    toQueue: smsEventDelivery == 'queue'
  }
}

resource secrets 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: names.vault
}

module smsWebhook 'modules/smswebhook.bicep' = if (smsEventDelivery == 'webhook') {
  name: 'smswebhook'
  params: {
    topicName: names.topic
    eventTypes: smsEvents.outputs.eventTypes
    endpoint: 'https://${app.outputs.hostName}/api/channels/sms'
    dataAccountName: names.dataAccount
    deadLetterContainerName: storage.outputs.deadLetterContainerName
    headerValue: secrets.getSecret('EventGrid--WebhookSecret')
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    namePrefix: prefix
    receivers: alertReceivers
    limits: alertLimits
    workspaceId: monitoring.outputs.workspaceId
    componentId: monitoring.outputs.componentId
    componentName: names.insights
    busId: bus.outputs.id
    topicId: smsEvents.outputs.topicId
    dataAccountId: storage.outputs.dataAccountId
    healthUri: 'https://${app.outputs.hostName}/api/health'
    probeLocations: probeLocations
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  params: {
    name: '${prefix}-month'
    amount: monthlyBudget
    firstDay: budgetFrom
    emails: alertReceivers.emails
    actionGroupId: alerts.outputs.everybodyId
  }
}

output appName string = names.app
output appHostName string = app.outputs.hostName
output appClientId string = identity.properties.clientId
output appPrincipalId string = identity.properties.principalId
output busHostName string = bus.outputs.hostName
output smsEndpoint string = communication.outputs.endpoint
output vaultName string = names.vault
output dataAccountName string = names.dataAccount
