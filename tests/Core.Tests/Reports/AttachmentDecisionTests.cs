using Serverless940.Core.Messages;
using Serverless940.Core.Reports;
using static Serverless940.Core.Tests.Reports.Orders;

namespace Serverless940.Core.Tests.Reports;

public sealed class AttachmentDecisionTests
{
    [Fact]
    public void The_same_file_again_is_ignored()
    {
        var life = Life.Of(Submit());
        life.Accepts(Add(File("one")));

        life.Ignores(Add(File("one")));
    }

    [Fact]
    public void A_report_takes_as_many_files_of_each_purpose_as_the_policy_says()
    {
        var life = Life.Of(Submit());
        for (var i = 0; i < life.Policy.Intake.MaxAttachments; i++)
        {
            life.Accepts(Add(File($"f{i}")));
        }

        life.Refuses(Refusal.TooManyAttachments, Add(File("one-more")));
        life.Accepts(Add(File("proof", purpose: AttachmentPurpose.Proof)));
    }

    [Fact]
    public void A_later_photo_places_and_routes_a_report_without_a_place()
    {
        var life = Life.Of(Submit(noPlace: true));

        Assert.Collection(
            life.Accepts(Add(File("where", 26.4282, 50.0881))),
            added => Assert.IsType<AttachmentAdded>(added), placed => Assert.IsType<Placed>(placed), sent => Assert.IsType<Assigned>(sent));
        Assert.Equal("central-dammam", life.Report.Municipality);
        Assert.Single(life.Accepts(Add(File("elsewhere", 25.383, 49.587))));
        Assert.Equal("central-dammam", life.Report.Municipality);
    }

    [Fact]
    public void A_later_photo_from_a_neighbours_ground_refers_it()
    {
        var life = Life.Of(Submit(noPlace: true));

        life.Accepts(Add(File("where", 25.383, 49.587)));

        Assert.Equal((ReportStatus.Referred, "al-ahsa"), (life.Report.Status, life.Report.Municipality));
        Assert.NotNull(life.Report.NextDue);
    }

    [Fact]
    public void Nobody_loses_a_report_to_a_photo_once_at_work()
    {
        var life = Life.Of(Submit(noPlace: true));
        life.Accepts(Start());
        var clock = life.Report.Clock;

        Assert.Collection(
            life.Accepts(Add(File("where", 26.4282, 50.0881))),
            added => Assert.IsType<AttachmentAdded>(added), placed => Assert.IsType<Placed>(placed));
        Assert.Equal((ReportStatus.InProgress, clock), (life.Report.Status, life.Report.Clock));
        Assert.True(life.Report.Place!.HasPoint);
    }

    [Fact]
    public void Proof_recordings_and_photos_after_closing_place_nothing()
    {
        var life = Life.Of(Submit(noPlace: true));
        Assert.Single(life.Accepts(Add(File("proof", 26.4282, 50.0881, AttachmentPurpose.Proof))));
        Assert.Single(life.Accepts(Add(File("call", 26.4282, 50.0881, AttachmentPurpose.Recording))));
        life.Accepts(Resolve(files: "proof"));
        life.Accepts(Verify());

        Assert.Single(life.Accepts(Add(File("after", 26.4282, 50.0881))));
    }
}
