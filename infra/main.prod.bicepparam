// Production, on the public endpoints of the services, every one of them by identity only. For private endpoints set
// busSku to Premium and privateNetworking to true; nothing else changes.
using 'main.bicep'

param environmentName = 'prod'

// Numbers, ids and addresses are the city's: they come from the environment of whoever deploys, and none is a secret.
param smsDataLocation = readEnvironmentVariable('SMS_DATA_LOCATION', 'UAE')
param citySettings = {
  Email__ApiBaseUri: 'https://api.postmarkapp.com/'
  Email__From: readEnvironmentVariable('EMAIL_FROM', '940@amana.example')
  EscalationSchedule: '0 * * * * *'
  Links__PublicBaseUri: readEnvironmentVariable('PUBLIC_BASE_URI', 'https://940.amana.example/')
  Map__Tiles: ''
  Messenger__GraphBaseUri: 'https://graph.facebook.com/'
  Messenger__MessageTag: ''
  Messenger__PageId: readEnvironmentVariable('MESSENGER_PAGE_ID', '940000000000003')
  Policy__Directory: 'policies/eastern-province'
  RateLimit__PerMinute: '30'
  RebuildSchedule: '0 15 3 1 * *'
  SecondLookSchedule: '45 50 * * * *'
  Sms__From: readEnvironmentVariable('SMS_FROM', '+966500000940')
  Sms__WavesPerMinute: '100'
  SweepSchedule: '30 */5 * * * *'
  Voice__AccountSid: readEnvironmentVariable('VOICE_ACCOUNT_SID', 'AC00000000000000000000000000000940')
  Voice__ApiBaseUri: 'https://api.twilio.com/'
  Voice__From: readEnvironmentVariable('VOICE_FROM', '+966920000940')
  Voice__PublicBaseUri: readEnvironmentVariable('PUBLIC_BASE_URI', 'https://940.amana.example/')
  Voice__Recorded: ''
  Voice__RecordingsBaseUri: ''
  Voice__Voices: 'ar=Polly.Hala-Neural:ar-AE;en=Polly.Joanna:en-US'
  WhatsApp__GraphBaseUri: 'https://graph.facebook.com/'
  WhatsApp__PhoneNumberId: readEnvironmentVariable('WHATSAPP_PHONE_NUMBER_ID', '100000000000940')
  X__AccountId: readEnvironmentVariable('X_ACCOUNT_ID', '940000000000004')
  X__ApiBaseUri: 'https://api.x.com/'
}
param staffSignIn = {
  clientId: readEnvironmentVariable('STAFF_CLIENT_ID', '00000000-0000-0000-0000-000000000000')
  tenantId: readEnvironmentVariable('STAFF_TENANT_ID', '00000000-0000-0000-0000-000000000000')
  strangers: 'RedirectToLoginPage'
}
param vaultGroupId = readEnvironmentVariable('VAULT_GROUP_ID', '')
param smsEventDelivery = readEnvironmentVariable('SMS_EVENT_DELIVERY', 'queue')

param storageSku = 'Standard_GZRS'
param mediaRetentionDays = 730
param instanceMemoryMB = 2048
param maximumInstanceCount = 100
param zoneRedundant = true
param alwaysReady = [
  {
    name: 'http'
    instanceCount: 2
  }
  {
    name: 'function:HandleReportCommand'
    instanceCount: 2
  }
]
param lockAgainstDeletion = true
param telemetryDailyCapGb = 10
param telemetryRetentionDays = 180
param monthlyBudget = 3000
param alertReceivers = {
  emails: [
    readEnvironmentVariable('ALERT_EMAIL', '940-operations@amana.example')
  ]
  phones: []
}
