/** A place of pstest that is changed, because it keeps the fake from behaving as the service does. */
export interface Mend {
  why: string;
  find: RegExp;
  replace: string;
  /** How many places there are. */
  places: number;
}

/** For pstest/fake.go of the version that go.mod names. */
export const MENDS: readonly Mend[] = [
  {
    why: 'what became a dead letter leaves the subscription, instead of being forwarded again every 10 ms',
    find: /s\.ack\(id\)\n(\s*)s\.publishToDeadLetter\(m\)/g,
    replace: 'delete(s.msgs, id)\n$1s.publishToDeadLetter(m)',
    places: 2,
  },
  {
    why: 'a dead letter of the server tells where it comes from',
    find: /s\.deadLetterTopic\.publish\(m\.proto\.Message, /g,
    replace: 's.deadLetterTopic.publish(deadLetterOf(s, m), ',
    places: 1,
  },
  {
    why: 'attempts are counted for each subscription, not for all of them together',
    find: /deliveries:( +)&m\.deliveries,/g,
    replace: 'deliveries:$1new(int),',
    places: 2,
  },
  {
    why: 'a message that comes again after a seek has its content',
    find: /\/\/Message: pm,/g,
    replace: 'Message: contentOf(m),',
    places: 1,
  },
  {
    why: 'a seek brings back messages of its own topic alone',
    find: /if m\.PublishTime\.Before\(target\) \{/g,
    replace: 'if m.PublishTime.Before(target) || m.Topic != sub.topic.proto.Name {',
    places: 1,
  },
  {
    why: 'more than one message in 10 ms goes to a stream',
    find: /make\(chan \*pb\.ReceivedMessage\)/g,
    replace: 'make(chan *pb.ReceivedMessage, 64)',
    places: 1,
  },
  {
    why: 'a stream that is not read cannot hold up the whole server when it is to answer a ping',
    find: /st\.msgc <- nil\n/g,
    replace: 'select {\ncase st.msgc <- nil:\ndefault:\n}\n',
    places: 1,
  },
];

/** A further file of the package. */
export const ADDITIONS = `package pstest

import (
	"fmt"
	"path"

	pb "cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

func contentOf(m *Message) *pb.PubsubMessage {
	return &pb.PubsubMessage{
		Data:        m.Data,
		Attributes:  m.Attributes,
		MessageId:   m.ID,
		PublishTime: timestamppb.New(m.PublishTime),
		OrderingKey: m.OrderingKey,
	}
}

func deadLetterOf(s *subscription, m *message) *pb.PubsubMessage {
	letter := proto.Clone(m.proto.Message).(*pb.PubsubMessage)
	if letter.Attributes == nil {
		letter.Attributes = map[string]string{}
	}
	letter.Attributes["CloudPubSubDeadLetterSourceSubscription"] = path.Base(s.proto.Name)
	letter.Attributes["CloudPubSubDeadLetterSourceDeliveryCount"] = fmt.Sprint(*m.deliveries)
	letter.Attributes["CloudPubSubDeadLetterSourceTopicPublishTime"] = letter.PublishTime.AsTime().Format("2006-01-02T15:04:05.000+00:00")
	return letter
}
`;
