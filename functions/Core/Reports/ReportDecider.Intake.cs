using Serverless940.Core.Classification;
using Serverless940.Core.Escalation;
using Serverless940.Core.Geo;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Routing;

namespace Serverless940.Core.Reports;

public static partial class ReportDecider
{
    private const int MostOthers = 3;

    private static Decision.Accepted Intake(SubmitReport submit, Policy policy, DateTimeOffset now)
    {
        var reading = Classifier.Classify(policy, submit.Text);
        var chosen = submit.Category is { } code && policy.Categories.ContainsKey(code) ? code : reading.Category;
        var category = CategoryOf(chosen ?? policy.Intake.DefaultCategory, policy);
        // Danger counts whoever chose the category, and when nobody could.
        var priority = reading.Hazards.Count > 0 ? Priority.Emergency : category.Priority;
        var place = submit.Place;
        if (place is not { HasPoint: true } && submit.Attachments.FirstOrDefault(file => SaysWhere(file, policy)) is { } photo)
        {
            place = FromPhoto(place, photo);
        }

        var route = RouteOf(policy, place, category, submit.Kind);
        var clock = ReportClock.Of(policy, category, priority, route.Department);
        var received = new Received(
            submit.SourceHash,
            submit.Channel,
            submit.Kind,
            category.Code,
            priority,
            submit.Text,
            place,
            submit.Reporter,
            submit.Attachments,
            submit.Agent,
            submit.At,
            clock.Reckoning.Add(now, category.CloseWithin),
            Of(reading));
        return Accept(received, Sent(route, clock, policy, now));
    }

    private static TextReading? Of(Classification.Classification reading)
    {
        if (reading.Candidates.Count == 0 && reading.Hazards.Count == 0)
        {
            return null;
        }

        var first = reading.Candidates.Count > 0 ? reading.Candidates[0] : null;
        return new TextReading(
            first?.Category, reading.Confidence, reading.Category is not null, first?.Terms ?? [],
            [.. reading.Candidates.Skip(1).Take(MostOthers).Select(other => other.Category)], reading.Hazards);
    }

    private static Decision AddFile(Report report, AddAttachment add, Policy policy, DateTimeOffset now)
    {
        if (report.Attachments.Any(file => file.Id == add.Attachment.Id))
        {
            return new Decision.Ignored("the same file again");
        }

        if (report.Attachments.Count(file => file.Purpose == add.Attachment.Purpose) >= policy.Intake.MaxAttachments)
        {
            return Refuse(Refusal.TooManyAttachments);
        }

        var added = new AttachmentAdded(add.Attachment);
        if (report.Place is { HasPoint: true } || !SaysWhere(add.Attachment, policy) || !report.IsOpen)
        {
            return Accept(added);
        }

        var place = FromPhoto(report.Place, add.Attachment);
        var category = CategoryOf(report.Category, policy);
        var route = RouteOf(policy, place, category, report.Kind);
        // A report that people already work on is not taken from them by a photo.
        if (report.Status is not (ReportStatus.Received or ReportStatus.Assigned)
            || (route.Municipality == report.Municipality && route.Department == report.Department && route.Agency == report.Agency))
        {
            return Accept(added, new Placed(place));
        }

        var clock = ReportClock.Of(policy, category, report.Priority, route.Department);
        return Accept(added, new Placed(place), Sent(route, clock, policy, now));
    }

    private static ReportEvent Sent(RoutingDecision route, EscalationClock clock, Policy policy, DateTimeOffset now)
    {
        if (route.Agency is { } agency)
        {
            return Referral(agency, null, clock.Start(now), clock, policy, now) with { Municipality = route.Municipality, Department = route.Department };
        }

        return new Assigned(route.Municipality, route.Department, route.Team, route.Rule.ToString(), clock.Start(now));
    }

    // The ladder waits while the agency has its time to answer, and goes on by itself when it does not.
    private static Referred Referral(string agency, string? note, EscalationState state, EscalationClock clock, Policy policy, DateTimeOffset now) =>
        new(agency, note, clock.Pause(state, now, clock.Reckoning.Add(now, policy.Agencies[agency].AnswerWithin)),
            RemindAt: policy.Agencies[agency].Email is null ? null : clock.Reckoning.Add(now, policy.Agencies[agency].AnswerWithin / 2));

    private static RoutingDecision RouteOf(Policy policy, ReportPlace? place, Category category, ReportKind kind)
    {
        var route = Router.Route(
            policy,
            new Place
            {
                Point = place is { Lat: { } lat, Lon: { } lon } ? new GeoPoint(lat, lon) : null,
                Address = place?.Address,
                NationalAddress = place?.NationalAddress,
                PlateCode = place?.PlateCode,
                Municipality = place?.Municipality,
            },
            category);
        // An enquiry is answered at a desk and never enters a field queue.
        return kind == ReportKind.Enquiry ? route with { Team = null } : route;
    }

    // An old photo from a holiday abroad, or a camera that wrote 0/0, must not place a report: the next photo could not mend it.
    private static bool SaysWhere(Attachment file, Policy policy) =>
        file is { Purpose: AttachmentPurpose.Report, Lat: { } lat, Lon: { } lon } && PlaceCheck.Check(policy, lat, lon) == PlaceVerdict.Accepted;

    private static ReportPlace FromPhoto(ReportPlace? place, Attachment photo) =>
        (place ?? new ReportPlace()) with { Lat = photo.Lat, Lon = photo.Lon, Source = PlaceSource.Photo };
}
