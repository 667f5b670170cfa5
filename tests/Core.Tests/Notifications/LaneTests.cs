using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;

namespace Serverless940.Core.Tests.Notifications;

public sealed class LaneTests
{
    [Theory]
    [InlineData("citizen-sms", "received", true, NotificationLane.Citizens)]
    [InlineData("citizen-sms", "closed", false, NotificationLane.Citizens)]
    [InlineData("citizen-sms", "escalated", false, NotificationLane.Waves)]
    [InlineData("citizen-sms", "escalated", true, NotificationLane.Citizens)]
    [InlineData("staff-teamLead", "staff.assigned", false, NotificationLane.Staff)]
    [InlineData("staff-amin", "staff.escalated", false, NotificationLane.Waves)]
    [InlineData("staff-amin", "staff.escalated", true, NotificationLane.Staff)]
    [InlineData("follower-17", "follower.closed", false, NotificationLane.Waves)]
    [InlineData("follower-17", "follower.followed", false, NotificationLane.Citizens)]
    public void What_comes_by_the_thousand_has_a_lane_of_its_own_and_nothing_urgent_is_in_it(string key, string template, bool urgent, NotificationLane lane)
    {
        var text = new SendNotification(
            "26000000000000", 1, key, Medium.Sms, "+966500000001", true, template, "ar", new Dictionary<string, string>(), urgent, DateTimeOffset.UnixEpoch);

        Assert.Equal(lane, NotificationLanes.Of(text));
    }
}
