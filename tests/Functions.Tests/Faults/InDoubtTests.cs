using Serverless940.Functions.Tests.Fixtures;

namespace Serverless940.Functions.Tests.Faults;

public sealed class InDoubtTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_death_between_sending_and_the_providers_answer_makes_exactly_one_SMS(bool accepted, int atOnce)
    {
        await using var lane = await FaultLane.StartAsync();
        var report = lane.NewCase();
        var step = new StartStep();
        await step.PrepareAsync(lane, [report]);
        await lane.DieAtAsync(new CallPoint("provider Sms", accepted, 1), () => step.ActAsync(lane, report, again: false, lane.HostLife));
        await lane.StartHostAsync();
        await lane.SettleAsync();
        Assert.Equal(1 + atOnce, (await lane.SmsTagsAsync(report)).Count);
        await lane.AdvanceAsync(TimeSpan.FromMinutes(8));
        Assert.Equal(1 + atOnce, (await lane.SmsTagsAsync(report)).Count);
        await lane.AdvanceAsync(TimeSpan.FromMinutes(3));
        await lane.PassHoldAsync();
        await step.VerifyAsync(lane, report);
    }
}
